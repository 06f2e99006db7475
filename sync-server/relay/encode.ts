import { ENTRIES, EPOCH_CLIENT, STAMPS } from '#conversation/wire.ts'
import type { Span, StoredEntry } from '#server/store/port.ts'
import { MAX_STEP } from './limits.ts'
import { Writer } from './writer.ts'

/** lib0's type bytes of "any" values. */
const ARRAY = 117
const STRING = 119
/** About what an entry takes beside its text: its id twice, and some bytes around them. */
const AROUND = 100

/**
 * Writes rows of the store as the Yjs V1 updates that a Y.Doc with the same history would have written: each entry
 * under the client and clock that it came with, and the stamps under the clients of their epochs.
 */

/**
 * One update of rows whose `seq` follow each other without a gap. Entries that the vector covers are left out; their
 * stamps are not.
 */
export function encodeRows(
  spans: readonly Span[],
  rows: readonly StoredEntry[],
  vector?: ReadonlyMap<number, number>,
): Uint8Array {
  const first = rows[0]
  if (first === undefined) return Uint8Array.of(0, 0)
  const writer = new Writer(rows.reduce((sum, { text }) => sum + text.length + AROUND, 64))
  const clients = new Map<number, StoredEntry[]>()
  for (const row of rows) {
    if (row.clock < (vector?.get(row.client) ?? 0)) continue
    const run = clients.get(row.client)
    if (run === undefined) clients.set(row.client, [row])
    else run.push(row)
  }
  const stamps = stretches(spans, first.seq, rows.length)
  writer.varUint(clients.size + stamps.length)
  for (const stretch of stamps)
    writeStamps(writer, stretch, rows.slice(stretch.from - first.seq, stretch.to - first.seq))
  // Highest client first, as Yjs does.
  for (const client of [...clients.keys()].sort((a, b) => b - a)) writeEntries(writer, clients.get(client) ?? [])
  writer.varUint(0)
  return writer.end()
}

/** Cuts rows into updates of about MAX_STEP bytes, in order, so that each can be applied before the next. */
export function encodeSteps(
  spans: readonly Span[],
  rows: readonly StoredEntry[],
  vector: ReadonlyMap<number, number>,
): Uint8Array[] {
  const updates: Uint8Array[] = []
  let from = 0
  let size = 0
  rows.forEach((row, i) => {
    // UTF-16 units are near enough.
    size += row.text.length + AROUND
    if (size < MAX_STEP && i < rows.length - 1) return
    updates.push(encodeRows(spans, rows.slice(from, i + 1), vector))
    from = i + 1
    size = 0
  })
  return updates
}

/** Stamps of one epoch that follow each other, `from` up to and without `to`, and the stamp before the first. */
interface Stretch {
  client: number
  clock: number
  from: number
  to: number
  before: { client: number; clock: number } | null
}

/** Highest epoch first, as Yjs does. */
function stretches(spans: readonly Span[], first: number, count: number): Stretch[] {
  const placeOf = (seq: number) => {
    const at = spans.findLastIndex((span) => span.from <= seq)
    const { epoch, from } = spans[at] ?? { epoch: 0, from: 0 }
    return { client: EPOCH_CLIENT + epoch, clock: seq - from, next: spans[at + 1]?.from ?? Infinity }
  }
  const found: Stretch[] = []
  for (let from = first; from < first + count; from = found[0]?.to ?? Infinity) {
    const { client, clock, next } = placeOf(from)
    found.unshift({
      client,
      clock,
      from,
      to: Math.min(first + count, next),
      before: from === 0 ? null : placeOf(from - 1),
    })
  }
  return found
}

function writeStamps(writer: Writer, stretch: Stretch, rows: readonly StoredEntry[]): void {
  const { client, clock, before } = stretch
  writer.varUint(1)
  writer.varUint(client)
  writer.varUint(clock)
  if (before === null) {
    writer.uint8(0x08)
    writer.varUint(1)
    writer.varString(STAMPS)
  } else {
    writer.uint8(0x88)
    writer.varUint(before.client)
    writer.varUint(before.clock)
  }
  writer.varUint(rows.length)
  for (const { id, at } of rows) {
    writer.uint8(ARRAY)
    writer.varUint(2)
    writer.uint8(STRING)
    writer.varString(id)
    writer.anyNumber(at)
  }
}

function writeEntries(writer: Writer, rows: readonly StoredEntry[]): void {
  const first = rows[0]
  if (first === undefined) return
  writer.varUint(rows.length)
  writer.varUint(first.client)
  writer.varUint(first.clock)
  for (const row of rows) {
    writer.uint8(0x28)
    writer.varUint(1)
    writer.varString(ENTRIES)
    writer.varString(row.id)
    writer.varUint(1)
    writer.uint8(STRING)
    writer.varString(row.text)
  }
}
