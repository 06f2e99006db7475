import { accessTo, type Facts } from '#conversation/access.ts'
import { parseEntry, type Entry } from '#conversation/entries.ts'
import { roomName, type Room } from '#conversation/rooms.ts'
import { closes, reduce, targetOf, type Stamped } from '#conversation/summary.ts'
import { SERVER_CLIENT } from '#conversation/wire.ts'
import {
  clientKey,
  entryKey,
  type ClientState,
  type ConversationState,
  type LedgerState,
  type Plan,
  type PlanEffects,
  type PlannedEntry,
} from './plan-state.ts'
import type { Append, AppendResult, NewEntry, StoredEntry, TranscriptJob } from './port.ts'

/** The state while it is being worked on: private copies, changed one accepted update at a time. */
export interface Working {
  run: number
  conversations: Map<string, ConversationState>
  ledgers: Map<string, LedgerState>
  clients: Map<string, ClientState>
  entries: Map<string, StoredEntry>
}

/** One update's changes, laid over the working state until the whole update is accepted. */
export interface Draft {
  room: string
  under: Working
  conversation: ConversationState | null
  ledger: LedgerState
  clients: Map<string, ClientState>
  entries: Map<string, StoredEntry>
  planned: PlannedEntry[]
  jobs: Plan['jobs']
}

/** Begins with nothing changed. */
export function startDraft(under: Working, room: Room): Draft {
  const name = roomName(room)
  return {
    room: name,
    under,
    conversation: under.conversations.get(room.conversation) ?? null,
    // An epoch of an earlier run is over. One that is later than this run's beginning is an erasure's, and goes on.
    ledger: inRun(under.ledgers.get(name) ?? { epoch: 0, next: 0 }, under.run),
    clients: new Map(),
    entries: new Map(),
    planned: [],
    jobs: [],
  }
}

function inRun({ epoch, next }: LedgerState, run: number): LedgerState {
  return { epoch: Math.max(epoch, run), next }
}

/** Makes an accepted update's changes part of the state. */
export function settle(working: Working, room: Room, draft: Draft): void {
  if (draft.conversation !== null) working.conversations.set(room.conversation, draft.conversation)
  working.ledgers.set(draft.room, draft.ledger)
  for (const [key, client] of draft.clients) working.clients.set(key, client)
  for (const [key, entry] of draft.entries) working.entries.set(key, entry)
}

/** Decides one update. What the draft holds is worth keeping only if the verdict is `stored`. */
export function planUpdate(draft: Draft, update: Append, effects: PlanEffects): AppendResult {
  for (const one of update.entries) {
    const verdict = judge(draft, update, one)
    if (verdict === 'known') continue
    if (verdict !== 'new') return verdict
    const refused = store(draft, update, one, effects)
    if (refused !== null) return refused
  }
  if (draft.planned.length === 0) return { status: 'known' }
  return { status: 'stored', epoch: draft.ledger.epoch, entries: draft.planned.map(stored) }
}

/** Whether an entry may be stored here and now. `known`: the server appended it before. */
function judge(draft: Draft, update: Append, one: NewEntry): 'new' | 'known' | AppendResult {
  const server = update.asker.role === 'server'
  if ((one.client === SERVER_CLIENT) !== server || (one.clock === null) !== server) {
    return refused(one.id, `client ${one.client} is not for ${update.asker.role}s`)
  }
  if (one.clock !== null) {
    const client = clientOf(draft, one.client)
    if (client !== undefined && client.principal !== update.principal) {
      return { status: 'stale', reason: 'this client id belongs to another copy of the document' }
    }
    const expected = client?.clock ?? 0
    if (one.clock > expected) return { status: 'ahead' }
    if (one.clock < expected) return { status: 'stale', reason: 'this clock was used by another copy of the document' }
  }
  const known = entryOf(draft, one.id)
  if (known === undefined) return 'new'
  if (known.text !== one.text || known.by !== update.principal) return refused(one.id, 'another entry has this id')
  return server ? 'known' : { status: 'stale', reason: 'another copy of the document brought this entry' }
}

/** Stores one entry in the draft; what comes back is why it may not be. */
function store(draft: Draft, update: Append, one: NewEntry, { now, newId }: PlanEffects): AppendResult | null {
  const { room, asker, principal } = update
  const target = targetIn(draft, room, one.entry)
  const decision = accessTo(principal, room, factsOf(draft, asker, target), one.entry)
  if (!decision.allow) return refused(one.id, decision.reason)
  const stamp = { index: draft.ledger.next, at: Math.max(now, (draft.conversation?.lastAt ?? 0) + 1) }
  const before = draft.conversation?.summary ?? null
  const stamped: Stamped = { id: one.id, ledger: room.kind, entry: one.entry, stamp }
  const summary = reduce(room.conversation, before, stamped, target)
  if (summary === null) return refused(one.id, 'a thread begins with opened')
  const clock = one.clock ?? clientOf(draft, one.client)?.clock ?? 0
  const entry: StoredEntry = {
    seq: stamp.index,
    at: stamp.at,
    id: one.id,
    client: one.client,
    clock,
    by: principal,
    text: one.text,
  }
  if (one.entry.kind === 'closed' && one.entry.transcript === 'auto' && before !== null) {
    // Asked of the summary before the close: afterwards the conversation is closed, and no close is valid.
    const valid = closes(before, one.entry, target, stamp)
    if (valid) draft.jobs.push(transcriptJob(room.conversation, entry, newId()))
  }
  draft.conversation = { summary, lastAt: stamp.at, erased: draft.conversation?.erased ?? null }
  draft.ledger = { ...draft.ledger, next: stamp.index + 1 }
  draft.clients.set(clientKey(draft.room, one.client), { clock: clock + 1, principal })
  draft.entries.set(entryKey(draft.room, one.id), entry)
  draft.planned.push({ ...entry, room: draft.room, kind: one.entry.kind })
  return null
}

function factsOf(draft: Draft, asker: Append['asker'], target: Stamped | undefined): Facts {
  const summary = draft.conversation?.summary ?? null
  return {
    conversation: summary === null ? null : { inbox: summary.inbox, visitor: summary.visitor },
    asker,
    target: target === undefined ? undefined : { kind: target.entry.kind, by: target.entry.by },
  }
}

/** The entry that this one names, if it is stamped in the same document. */
function targetIn(draft: Draft, room: Room, entry: Entry): Stamped | undefined {
  const named = targetOf(entry)
  const known = named === null ? undefined : entryOf(draft, named)
  if (known === undefined) return undefined
  const parsed = parseEntry(room.kind, known.text)
  if (!parsed.ok) return undefined
  return { id: known.id, ledger: room.kind, entry: parsed.entry, stamp: { index: known.seq, at: known.at } }
}

function transcriptJob(conversation: string, close: StoredEntry, outcome: string): Plan['jobs'][number] {
  const payload: TranscriptJob = { conversation, close: close.id, upTo: close.seq, outcome }
  return { key: `transcript/${close.id}`, kind: 'transcript', payload }
}

function clientOf(draft: Draft, client: number): ClientState | undefined {
  const key = clientKey(draft.room, client)
  return draft.clients.get(key) ?? draft.under.clients.get(key)
}

function entryOf(draft: Draft, id: string): StoredEntry | undefined {
  const key = entryKey(draft.room, id)
  return draft.entries.get(key) ?? draft.under.entries.get(key)
}

function refused(id: string, reason: string): AppendResult {
  return { status: 'refused', reason: `${id}: ${reason}` }
}

function stored({ seq, at, id, client, clock, by, text }: PlannedEntry): StoredEntry {
  return { seq, at, id, client, clock, by, text }
}
