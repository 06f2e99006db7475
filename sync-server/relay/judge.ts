import { accessTo } from '#conversation/access.ts'
import { parseEntry, type Entry } from '#conversation/entries.ts'
import type { Room } from '#conversation/rooms.ts'
import { CloseCode, FIRST_DEVICE_CLIENT, SERVER_CLIENT } from '#conversation/wire.ts'
import type { AppendResult, NewEntry } from '#server/store/port.ts'
import type { Ledger } from './ledger.ts'
import type { Caller } from './port.ts'
import type { EntryRun, StampRun } from './recognise.ts'

/**
 * The ledger gate: what becomes of a recognised update. A decision about the whole update, made from memory alone;
 * nothing is remembered here, so a refused update leaves no trace.
 */

export interface Place {
  client: number
  clock: number
}

export type Objection =
  /** It builds on something that is not here: drop it and ask with sync step 1. */
  { verdict: 'ahead' } | { verdict: 'refuse'; code: CloseCode; reason: string }

export type Verdict =
  /** Empty if the update told nothing new. */
  | { verdict: 'take'; entries: NewEntry[] }
  | Objection
  /** Which ids does the store have at these places? Judge again with them in `stored`. */
  | { verdict: 'look'; places: Place[] }

/** What its sender is told after the store had the last word; null if there is nothing to object to. */
export function objectionTo(result: AppendResult): Objection | null {
  switch (result.status) {
    case 'stored':
    case 'known':
      return null
    case 'ahead':
      return { verdict: 'ahead' }
    case 'stale':
      return { verdict: 'refuse', code: CloseCode.StaleDocument, reason: result.reason }
    case 'refused':
      return { verdict: 'refuse', code: CloseCode.RefusedEntry, reason: result.reason }
  }
}

export interface Case {
  room: Room
  caller: Caller
  ledger: Ledger
  stamps: StampRun[]
  runs: EntryRun[]
  /** Ids known to be stored, by `<client>/<clock>`. What is stored never changes. */
  stored: ReadonlyMap<string, string | null>
}

const refuse = (code: CloseCode, reason: string): Verdict => ({ verdict: 'refuse', code, reason })
const stale = (reason: string): Verdict => refuse(CloseCode.StaleDocument, reason)

/** Applies the gate's rules in order; the first that objects decides. */
export function judge(at: Case): Verdict {
  return (
    judgeStamps(at) ??
    judgeClients(at) ??
    judgeKnown(at) ??
    judgeOwners(at) ??
    judgeEntries(at, inOrder(at.runs.map((run) => fresh(run, at))))
  )
}

/**
 * Whether a device's stamps, told by an echo or a state vector, are of an epoch that is not this history's (something
 * was erased, or a backup was put back) or more than the store has of it (likewise): then the device's copy cannot be
 * continued. Null: they are fine.
 */
export function staleStamps(ledger: Ledger, client: number, end: number): string | null {
  const stored = ledger.stamps(client)
  if (stored === null) return 'stamps of another epoch'
  return end > stored ? `${end} stamps where the store has ${stored}` : null
}

function judgeStamps({ stamps, ledger }: Case): Verdict | null {
  for (const { client, clock, pairs } of stamps) {
    const reason = staleStamps(ledger, client, clock + pairs.length)
    if (reason !== null) return stale(reason)
  }
  return null
}

function judgeClients({ runs, ledger }: Case): Verdict | null {
  for (const run of runs) {
    if (run.client >= FIRST_DEVICE_CLIENT) continue
    // What the server itself appended comes back as an echo; nothing else comes from a reserved client.
    const known = run.client === SERVER_CLIENT ? (ledger.client(run.client)?.clock ?? 0) : 0
    if (run.clock + run.entries.length > known) return refuse(CloseCode.Malformed, `client ${run.client} is reserved`)
  }
  return null
}

/** Below the expected clock nothing may differ; above it there must be no hole. */
function judgeKnown({ runs, ledger, stored }: Case): Verdict | null {
  const places: Place[] = []
  let ahead = false
  for (const run of runs) {
    const expected = ledger.client(run.client)?.clock ?? 0
    if (run.clock > expected) ahead = true
    for (let i = 0; i < run.entries.length && run.clock + i < expected; i++) {
      const clock = run.clock + i
      const known = ledger.queuedAt(run.client, clock) ?? stored.get(`${run.client}/${clock}`)
      if (known === undefined) places.push({ client: run.client, clock })
      else if (known !== run.entries[i]?.id)
        return stale(`another entry is stored at client ${run.client}, clock ${clock}`)
    }
  }
  if (places.length > 0) return { verdict: 'look', places }
  return ahead ? { verdict: 'ahead' } : null
}

/** A client id belongs to the first principal that used it in the document. */
function judgeOwners({ runs, ledger, caller }: Case): Verdict | null {
  for (const run of runs) {
    const owner = ledger.client(run.client)
    const adds = run.clock + run.entries.length > (owner?.clock ?? 0)
    if (adds && owner !== null && owner.principal !== caller.principal) {
      return stale(`client ${run.client} is somebody else's`)
    }
  }
  return null
}

interface Fresh extends Place {
  id: string
  text: string
}

function fresh({ client, clock, entries }: EntryRun, { ledger }: Case): Fresh[] {
  const expected = ledger.client(client)?.clock ?? 0
  const known = Math.max(0, expected - clock)
  return entries.slice(known).map(({ id, text }, i) => ({ id, text, client, clock: clock + known + i }))
}

function judgeEntries({ room, caller, ledger }: Case, found: Fresh[]): Verdict {
  const entries: NewEntry[] = []
  const ids = new Map<string, { text: string; principal: string }>()
  let conversation = ledger.conversation
  for (const { client, clock, id, text } of found) {
    const parsed = parseEntry(room.kind, text)
    if (!parsed.ok) return refuse(CloseCode.RefusedEntry, `${id} ${parsed.reason}`)
    const { entry } = parsed
    const { allow, reason } = mayAppend(room, caller, conversation, entry)
    if (!allow) return refuse(CloseCode.RefusedEntry, `${id} ${reason}`)
    // Ids that are stored already are found by the store, in the transaction.
    const twin = ledger.queued(id) ?? ids.get(id)
    if (twin !== undefined) {
      const same = twin.text === text && twin.principal === caller.principal
      return same ? stale(`${id} is here under another client`) : refuse(CloseCode.RefusedEntry, `${id} is taken`)
    }
    ids.set(id, { text, principal: caller.principal })
    if (entry.kind === 'opened') {
      conversation = { id: room.conversation, inbox: entry.inbox, visitor: caller.principal }
    }
    entries.push({ client, clock, id, text, entry })
  }
  return { verdict: 'take', entries }
}

function mayAppend(room: Room, caller: Caller, conversation: Ledger['conversation'], entry: Entry) {
  // What an edit or a retraction names is looked up by the store, in the transaction. Here it is taken to be the
  // caller's own message, so that everything else about the entry is decided before it waits.
  const target = { kind: 'message', by: caller.principal } as const
  const decision = accessTo(caller.principal, room, { conversation, asker: caller.asker, target }, entry)
  return decision.allow ? { allow: true, reason: '' } : decision
}

/**
 * Merges the runs of several clients (two tabs of one device) by the writers' clock, each run kept in its order.
 * Yjs writes the highest client first, which says nothing; a conversation must begin with `opened`, and an edit comes
 * after what it names.
 */
function inOrder(all: Fresh[][]): Fresh[] {
  const runs = all.filter((run) => run.length > 0)
  // Nobody writes in so many tabs before one of them is stored; then the order is the sender's own business.
  if (runs.length < 2 || runs.length > 32) return runs.flat()
  const heads = runs.map((run) => ({ run, at: 0, times: run.map(writtenAt) }))
  const total = runs.reduce((sum, run) => sum + run.length, 0)
  const merged: Fresh[] = []
  while (merged.length < total) {
    let first: (typeof heads)[number] | null = null
    for (const head of heads) {
      if (head.at < head.run.length && (first === null || timeOf(head) < timeOf(first))) first = head
    }
    const next = first?.run[first.at]
    if (first === null || next === undefined) break
    merged.push(next)
    first.at++
  }
  return merged
}

function timeOf({ times, at }: { times: number[]; at: number }): number {
  return times[at] ?? Infinity
}

/** The writer's clock in a canonical text, without trusting the rest: `opened` before everything. */
function writtenAt({ text }: Fresh): number {
  if (text.startsWith('{"kind":"opened"')) return -1
  const found = /"at":(\d{1,15})[,}]/.exec(text)
  return found?.[1] === undefined ? 0 : Number(found[1])
}
