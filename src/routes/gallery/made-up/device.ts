import type { Principal } from '#conversation/ids.ts'
import type { Summary } from '#conversation/summary.ts'
import type { ConnectionState, Device, InboxRows } from '#sync/port.ts'
import { conversation, idOf, NOW, viewOf } from './conversations.ts'
import { AGENTS, ME, VISITOR } from './people.ts'

type Row = InboxRows['conversations'][number]

/** A line of the list; `before` in minutes, for its last words. */
export function row(
  name: string,
  is: Partial<Summary> & { before?: number; says?: string; by?: Principal; unread?: number; waiting?: boolean } = {},
): Row {
  const { before = 5, says = 'Does it come in black?', by = VISITOR, unread = 0, waiting = false, ...summary } = is
  const id = idOf(name)
  const at = NOW - before * 60_000
  return {
    kind: 'conversation',
    id,
    version: 1,
    unread,
    waiting,
    summary: {
      id,
      inbox: 'demo',
      visitor: VISITOR,
      status: 'open',
      createdAt: at,
      activeAt: at,
      name,
      email: null,
      phone: null,
      page: { url: 'https://lamps.example.com/', title: 'Lamps' },
      locale: 'en-GB',
      assignee: null,
      last: { entry: id, by, text: says, at, retracted: false },
      lastVisitorMessage: null,
      visitorMessages: 1,
      agentMessages: 0,
      next: { thread: 2, team: 0 },
      ...summary,
    },
  }
}

const LIVE: ConnectionState = { state: 'live', waiting: 0, refused: 0, storage: 'kept', retryAt: null }

/** A device without a server, that stays as it is. */
export function device(is: { rows?: Row[]; loaded?: boolean; connection?: Partial<ConnectionState> } = {}): Device {
  return {
    principal: ME,
    connection: { ...LIVE, ...is.connection },
    subscribeConnection: () => () => {},
    tryNow: () => {},
    inbox: { loaded: is.loaded ?? true, conversations: is.rows ?? [], agents: AGENTS, inboxes: new Map() },
    subscribeInbox: () => () => {},
    open: () => conversation(viewOf([])),
    close: () => Promise.resolve(),
    wipe: () => Promise.resolve(),
  }
}
