import { isVisitorBody } from './body.ts'
import type { Entry } from './entries.ts'
import { roleOf, type Principal } from './ids.ts'
import type { Room } from './rooms.ts'

/**
 * Who may read and write what: one pure decision, used by relay and app, failing closed.
 */

export type Decision = { allow: true } | { allow: false; reason: string }

/** What a decision needs to know besides who asks for what. */
export interface Facts {
  /** The conversation, if it exists. */
  conversation: { inbox: string; visitor: Principal } | null
  /** What is known of who asks. Agents who were deactivated have no session, and never come here. */
  asker:
    | { role: 'agent'; admin: boolean; inboxes: ReadonlySet<string> }
    | { role: 'visitor'; inbox: string }
    | { role: 'server' }
  /** The entry that an edit or a retraction names, if it is in the same document. */
  target?: { kind: Entry['kind']; by: Principal } | undefined
}

const ALLOW: Decision = { allow: true }
const deny = (reason: string): Decision => ({ allow: false, reason })

const VISITOR_KINDS: ReadonlySet<Entry['kind']> = new Set([
  'opened',
  'message',
  'edited',
  'retracted',
  'identified',
  'closed',
  'rated',
])
const AGENT_KINDS: ReadonlySet<Entry['kind']> = new Set([
  'message',
  'edited',
  'retracted',
  'identified',
  'closed',
  'comment',
  'assigned',
])
const SERVER_KINDS: ReadonlySet<Entry['kind']> = new Set(['message', 'closed', 'transcript', 'assigned'])

/**
 * Whether the principal may join the room and read it; with an entry, whether it may append that entry. The reason of
 * a refusal is one line for people and tells nothing that the asker may not know.
 */
export function accessTo(principal: Principal, room: Room, facts: Facts, entry?: Entry): Decision {
  const reading = mayRead(principal, room, facts)
  if (!reading.allow || entry === undefined) return reading
  if (entry.by !== principal) return deny('by is somebody else')
  return mayAppend(room, facts, entry)
}

function mayRead(principal: Principal, room: Room, { asker, conversation }: Facts): Decision {
  switch (asker.role) {
    case 'server':
      return conversation === null ? deny('no such conversation') : ALLOW
    case 'agent':
      if (roleOf(principal) !== 'agent') return deny('not an agent')
      if (conversation === null) return deny('no such conversation')
      return asker.admin || asker.inboxes.has(conversation.inbox) ? ALLOW : deny('not a member of this inbox')
    case 'visitor':
      if (roleOf(principal) !== 'visitor') return deny('not a visitor')
      if (room.kind !== 'thread') return deny('not for visitors')
      // A thread that does not exist yet may be joined: its visitor starts it by appending `opened`.
      return conversation === null || conversation.visitor === principal ? ALLOW : deny('not your conversation')
  }
}

function mayAppend(room: Room, { asker, conversation, target }: Facts, entry: Entry): Decision {
  const kinds = { agent: AGENT_KINDS, visitor: VISITOR_KINDS, server: SERVER_KINDS }[asker.role]
  if (!kinds.has(entry.kind)) return deny(`${entry.kind} is not for ${asker.role}s to write`)
  const team = entry.kind === 'comment' || entry.kind === 'assigned'
  if (team !== (room.kind === 'team')) return deny(`${entry.kind} does not belong in the ${room.kind}`)
  if ((entry.kind === 'opened') !== (conversation === null)) {
    return deny(conversation === null ? 'a thread begins with opened' : 'opened already')
  }
  switch (entry.kind) {
    case 'opened':
      return asker.role === 'visitor' && entry.inbox === asker.inbox ? ALLOW : deny('not the inbox of this visitor')
    case 'message':
      return asker.role === 'visitor' && !isVisitorBody(entry.body)
        ? deny('a visitor writes paragraphs, line breaks and links')
        : ALLOW
    case 'edited':
      if (asker.role === 'visitor' && !isVisitorBody(entry.body)) {
        return deny('a visitor writes paragraphs, line breaks and links')
      }
      return isOwnMessage(entry.by, target)
    case 'retracted':
      return isOwnMessage(entry.by, target)
    case 'closed':
      return (entry.reason === 'visitor') === (asker.role === 'visitor') ? ALLOW : deny('not your reason to close')
    default:
      return ALLOW
  }
}

function isOwnMessage(by: Principal, target: Facts['target']): Decision {
  if (target === undefined) return deny('it names no entry of this thread')
  return target.kind === 'message' && target.by === by ? ALLOW : deny('it names an entry that is not your message')
}
