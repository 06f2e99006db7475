import type { ConversationView } from '#conversation/view.ts'
import type { PeerPresence } from '#conversation/wire.ts'
import { answering } from './lines.ts'
import type { Session } from './session.ts'

/** Somebody of the team, as a visitor sees them. */
export interface Face {
  /** The principal. */
  id: string
  name: string
  avatar: string | null
}

/** Who that principal is; null if this visitor was not told. */
export function faceOf({ agents }: Session, principal: string): Face | null {
  const agent = agents[principal]
  return agent === undefined ? null : { id: principal, name: agent.name, avatar: agent.avatar }
}

/** The team without those who have left; first those who answer in this conversation, the latest before the others. */
export function teamOf({ agents }: Session, view: ConversationView | null): Face[] {
  const order: string[] = view === null ? [] : answering(view)
  const place = ({ id }: Face) => (order.includes(id) ? order.indexOf(id) : order.length)
  return Object.entries(agents)
    .filter(([, agent]) => agent.active !== false)
    .map(([id, { name, avatar }]) => ({ id, name, avatar }))
    .sort((one, other) => place(one) - place(other))
}

/** Agents who are writing a reply just now. */
export function typingIn(peers: readonly PeerPresence[]): Face[] {
  return peers
    .filter(({ typing, user }) => typing === 'reply' && !user.principal.startsWith('visitor:'))
    .map(({ user }) => ({ id: user.principal, name: user.name, avatar: user.avatar }))
}
