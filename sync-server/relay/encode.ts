import { ENTRIES, EPOCH_CLIENT, STAMPS } from '#conversation/wire.ts'
import type { Span, StoredEntry } from '#server/store/port.ts'
import * as encoding from 'lib0/encoding'
import { MAX_STEP } from './limits.ts'

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
  const encoder = encoding.createEncoder()
  if (first === undefined) return Uint8Array.of(0, 0)
  const clients = new Map<number, StoredEntry[]>()
  for (const row of rows) {
    if (row.clock < (vector?.get(row.client) ?? 0)) continue
    const run = clients.get(row.client)
    if (run === undefined) clients.set(row.client, [row])
    else run.push(row)
  }
  const stamps = stretches(spans, first.seq, rows.length)
  encoding.writeVarUint(encoder, clients.size + stamps.length)
  for (const stretch of stamps)
    writeStamps(encoder, stretch, rows.slice(stretch.from - first.seq, stretch.to - first.seq))
  // Highest client first, as Yjs does.
  for (const client of [...clients.keys()].sort((a, b) => b - a)) writeEntries(encoder, clients.get(client) ?? [])
  encoding.writeVarUint(encoder, 0)
  return encoding.toUint8Array(encoder)
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
    // An entry takes its text (UTF-16 units are near enough), its id twice, and some bytes around them.
    size += row.text.length + 100
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

function writeStamps(encoder: encoding.Encoder, stretch: Stretch, rows: readonly StoredEntry[]): void {
  const { client, clock, before } = stretch
  encoding.writeVarUint(encoder, 1)
  encoding.writeVarUint(encoder, client)
  encoding.writeVarUint(encoder, clock)
  if (before === null) {
    encoding.writeUint8(encoder, 0x08)
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarString(encoder, STAMPS)
  } else {
    encoding.writeUint8(encoder, 0x88)
    encoding.writeVarUint(encoder, before.client)
    encoding.writeVarUint(encoder, before.clock)
  }
  encoding.writeVarUint(encoder, rows.length)
  for (const row of rows) encoding.writeAny(encoder, [row.id, row.at])
}

function writeEntries(encoder: encoding.Encoder, rows: readonly StoredEntry[]): void {
  const first = rows[0]
  if (first === undefined) return
  encoding.writeVarUint(encoder, rows.length)
  encoding.writeVarUint(encoder, first.client)
  encoding.writeVarUint(encoder, first.clock)
  for (const row of rows) {
    encoding.writeUint8(encoder, 0x28)
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarString(encoder, ENTRIES)
    encoding.writeVarString(encoder, row.id)
    encoding.writeVarUint(encoder, 1)
    encoding.writeAny(encoder, row.text)
  }
}
