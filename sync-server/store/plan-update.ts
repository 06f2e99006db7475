import { accessTo, type Facts } from '#conversation/access.ts'
import { parseEntry, type Entry } from '#conversation/entries.ts'
import { closes, reduce, targetOf, type Stamped } from '#conversation/summary.ts'
import { SERVER_CLIENT } from '#conversation/wire.ts'
import type { PlanEffects, PlannedEntry, PlannedJob } from './plan-state.ts'
import type { Append, AppendResult, NewEntry, StoredEntry, TranscriptJob } from './port.ts'
import { add, clientOf, entryOf, type WorkingLedger } from './working.ts'

/** One update's part in a plan. */
export interface PlannedUpdate {
  result: AppendResult
  /** Empty unless it is stored. */
  entries: PlannedEntry[]
  jobs: PlannedJob[]
}

/** Decides one update, and lays it over the ledger if it is to be stored: all of it, or nothing. */
export function planUpdate(ledger: WorkingLedger, update: Append, effects: PlanEffects): PlannedUpdate {
  const entries: PlannedEntry[] = []
  const jobs: PlannedJob[] = []
  const undo: (() => void)[] = []
  for (const one of update.entries) {
    const verdict = judge(ledger, update, one)
    if (verdict === 'known') continue
    const planned = verdict === 'new' ? plan(ledger, update, one, effects) : verdict
    if ('status' in planned) {
      for (const back of undo.reverse()) back()
      return { result: planned, entries: [], jobs: [] }
    }
    entries.push({ room: ledger.name, kind: one.entry.kind, row: planned.row })
    if (planned.job !== null) jobs.push(planned.job)
    undo.push(planned.undo)
  }
  if (entries.length === 0) return { result: { status: 'known' }, entries, jobs }
  return { result: { status: 'stored', epoch: ledger.epoch, entries: entries.map(({ row }) => row) }, entries, jobs }
}

/** Whether an entry may be stored here and now. `known`: the server appended it before. */
function judge(ledger: WorkingLedger, update: Append, one: NewEntry): 'new' | 'known' | AppendResult {
  const server = update.asker.role === 'server'
  if ((one.client === SERVER_CLIENT) !== server || (one.clock === null) !== server) {
    return refused(one.id, `client ${one.client} is not for ${update.asker.role}s`)
  }
  if (one.clock !== null) {
    const client = clientOf(ledger, one.client)
    if (client !== undefined && client.principal !== update.principal) {
      return { status: 'stale', reason: 'this client id belongs to another copy of the document' }
    }
    const expected = client?.clock ?? 0
    if (one.clock > expected) return { status: 'ahead' }
    if (one.clock < expected) return { status: 'stale', reason: 'this clock was used by another copy of the document' }
  }
  const known = entryOf(ledger, one.id)
  if (known === undefined) return 'new'
  if (known.text !== one.text || known.by !== update.principal) return refused(one.id, 'another entry has this id')
  return server ? 'known' : { status: 'stale', reason: 'another copy of the document brought this entry' }
}

interface Planned {
  row: StoredEntry
  job: PlannedJob | null
  undo(): void
}

/** Lays one entry over the ledger; or says why it may not be stored. */
function plan(
  ledger: WorkingLedger,
  { room, asker, principal }: Append,
  one: NewEntry,
  { now, newId }: PlanEffects,
): Planned | AppendResult {
  const before = ledger.conversation.state
  const target = targetIn(ledger, one.entry)
  const decision = accessTo(principal, room, factsOf(ledger, asker, target), one.entry)
  if (!decision.allow) return refused(one.id, decision.reason)
  const stamp = { index: ledger.next, at: Math.max(now, (before?.lastAt ?? 0) + 1) }
  const stamped: Stamped = { id: one.id, ledger: room.kind, entry: one.entry, stamp }
  const summary = reduce(room.conversation, before?.summary ?? null, stamped, target)
  if (summary === null) return refused(one.id, 'a thread begins with opened')
  const row: StoredEntry = {
    seq: stamp.index,
    at: stamp.at,
    id: one.id,
    client: one.client,
    clock: one.clock ?? clientOf(ledger, one.client)?.clock ?? 0,
    by: principal,
    text: one.text,
  }
  // Asked of the summary before the close: afterwards the conversation is closed, and no close is valid.
  const mails =
    one.entry.kind === 'closed' &&
    one.entry.transcript === 'auto' &&
    before !== null &&
    closes(before.summary, one.entry, target, stamp)
  return {
    row,
    job: mails ? transcriptJob(room.conversation, row, newId()) : null,
    undo: add(ledger, row, { summary, lastAt: stamp.at, erased: before?.erased ?? null }),
  }
}

function factsOf({ conversation }: WorkingLedger, asker: Append['asker'], target: Stamped | undefined): Facts {
  const summary = conversation.state?.summary ?? null
  return {
    conversation: summary === null ? null : { inbox: summary.inbox, visitor: summary.visitor },
    asker,
    target: target === undefined ? undefined : { kind: target.entry.kind, by: target.entry.by },
  }
}

/** The entry that this one names, if it is stamped in the same document. */
function targetIn(ledger: WorkingLedger, entry: Entry): Stamped | undefined {
  const named = targetOf(entry)
  const known = named === null ? undefined : entryOf(ledger, named)
  if (known === undefined) return undefined
  const { kind } = ledger.room
  const parsed = parseEntry(kind, known.text)
  if (!parsed.ok) return undefined
  return { id: known.id, ledger: kind, entry: parsed.entry, stamp: { index: known.seq, at: known.at } }
}

function transcriptJob(conversation: string, close: StoredEntry, outcome: string): PlannedJob {
  const payload: TranscriptJob = { conversation, close: close.id, upTo: close.seq, outcome }
  return { key: `transcript/${close.id}`, kind: 'transcript', payload }
}

function refused(id: string, reason: string): AppendResult {
  return { status: 'refused', reason: `${id}: ${reason}` }
}
