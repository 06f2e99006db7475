import { canonicalText } from '#conversation/canonical.ts'
import type { Entry } from '#conversation/entries.ts'
import { createUlid, idOf, type Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import { SERVER_CLIENT } from '#conversation/wire.ts'
import type { Agent, Append, AppendResult, Asker, Inbox, NewEntry, Store } from '#server/store/port.ts'
import { ada, body, bo, openedBy, testIds, visitor } from '../../support/conversations.ts'

export const NOW = 1_760_000_000_000
const ids = testIds()
export const newId = (): string => createUlid(ids)

export const agentAsker = (...inboxes: string[]): Asker => ({ role: 'agent', admin: false, inboxes: new Set(inboxes) })
export const visitorAsker = (inbox = 'demo'): Asker => ({ role: 'visitor', inbox })

/** A device: one Yjs client id of one principal, counting its clocks. */
export class Device {
  readonly principal: Principal
  readonly asker: Asker
  readonly client: number
  #clock = 0

  constructor(principal: Principal, asker: Asker, client: number) {
    this.principal = principal
    this.asker = asker
    this.client = client
  }

  /** The next entry as it travels; its clock is used up. */
  entry(entry: Entry, id = newId()): NewEntry {
    return { id, client: this.client, clock: this.#clock++, text: canonicalText(entry), entry }
  }

  update(room: Room, ...entries: NewEntry[]): Append {
    return { room, principal: this.principal, asker: this.asker, entries }
  }

  /** An update of entries that follow each other. */
  says(room: Room, ...entries: Entry[]): Append {
    return this.update(room, ...entries.map((entry) => this.entry(entry)))
  }
}

/** What the server appends by itself. */
export function fromServer(room: Room, entry: Entry, id = newId()): Append {
  const one = { id, client: SERVER_CLIENT, clock: null, text: canonicalText(entry), entry }
  return { room, principal: entry.by, asker: { role: 'server' }, entries: [one] }
}

export const thread = (conversation = newId()): Room => ({ kind: 'thread', conversation })
export const team = ({ conversation }: Room): Room => ({ kind: 'team', conversation })

export const message = (by: Principal, text: string): Entry => ({
  kind: 'message',
  by,
  at: NOW,
  channel: 'chat',
  body: body(text),
})
export const closed = (by: Principal, seen: string | null, transcript: 'auto' | 'no' = 'auto'): Entry => ({
  kind: 'closed',
  by,
  at: NOW,
  seen,
  reason: by.startsWith('visitor') ? 'visitor' : 'agent',
  transcript,
})
export const comment = (by: Principal, text: string): Entry => ({
  kind: 'comment',
  by,
  at: NOW,
  body: body(text),
  mentions: [],
})

let clients = 100
export const visitorDevice = (by = visitor): Device => new Device(by, visitorAsker(), ++clients)
export const agentDevice = (by = ada, ...inboxes: string[]): Device =>
  new Device(by, agentAsker(...(inboxes.length === 0 ? ['demo'] : inboxes)), ++clients)

/** A conversation with its first message. */
export async function begin(store: Store, room = thread(), by = visitor, inbox = 'demo') {
  const device = new Device(by, visitorAsker(inbox), ++clients)
  const opened = { ...openedBy(by), inbox } as Entry
  const update = device.says(room, opened, message(by, 'Hello'))
  const [result] = (await store.append([update], NOW)).results
  if (result?.status !== 'stored') throw new Error(`the conversation could not begin: ${JSON.stringify(result)}`)
  return { room, device, message: update.entries[1]?.id ?? '' }
}

export const agent = (principal: Principal, change: Partial<Agent> = {}): Agent => ({
  id: idOf(principal),
  email: `${idOf(principal).toLowerCase()}@example.com`,
  name: principal === ada ? 'Ada' : principal === bo ? 'Bo' : 'Cy',
  role: 'agent',
  passwordHash: null,
  avatar: null,
  active: true,
  ...change,
})
export const inbox = (id: string, change: Partial<Inbox> = {}): Inbox => ({
  id,
  name: `The ${id} inbox`,
  origins: ['https://example.com'],
  fromAddress: null,
  greeting: 'Hello',
  color: '#0f6a68',
  side: 'right',
  hours: null,
  ...change,
})

/** The entries that an update stored; fails the test if it did not. */
export function storedBy(result: AppendResult | undefined) {
  if (result?.status !== 'stored') throw new Error(`not stored: ${JSON.stringify(result)}`)
  return result.entries
}
