import { isErasedText } from '#conversation/erasure.ts'
import type { Room } from '#conversation/rooms.ts'
import { EPOCH_CLIENT } from '#conversation/wire.ts'
import type { LedgerStore, StoredEntry } from '#server/store/port.ts'
import { setImmediate as turn } from 'node:timers/promises'
import { encodeSteps } from './encode.ts'
import type { Ledger } from './ledger.ts'
import { CATCH_UP_PAGE } from './limits.ts'

/**
 * The updates that bring a device from its state vector to what is committed, in order; none if it is up to date, and
 * then the store is not asked. They are handed to `send` in the turn in which nothing was missing: after it, more may
 * be committed and told.
 *
 * Resolves with why the device's copy cannot be continued, or null: one that holds an entry and not its stamp has sent
 * it and never heard more. If it was erased meanwhile, the copy has the words, and no epoch that would tell it so.
 */
export async function catchUp(
  store: Pick<LedgerStore, 'entries'>,
  room: Room,
  ledger: Ledger,
  vector: ReadonlyMap<number, number>,
  send: (updates: Uint8Array[]) => void,
): Promise<string | null> {
  const held = heldOf(ledger, vector)
  const isStale = ({ seq, client, clock, text }: StoredEntry) =>
    seq >= held && clock < (vector.get(client) ?? 0) && isErasedText(text)
  let from = held
  let next = from
  let first = new Map<number, number>()
  let updates: Uint8Array[] = []
  for (;;) {
    // While rows are read, more may be committed; read on until there is nothing left to read.
    if (next < ledger.next) {
      // A long history is read in pieces, with everybody else's turn between them.
      if (next > from) await turn()
      const rows = await store.entries(room, next, CATCH_UP_PAGE)
      const last = rows.at(-1)
      if (last === undefined) throw new Error(`the store has ${next} entries, its head says ${ledger.next}`)
      if (rows.some(isStale)) return 'something in this document was erased'
      for (const { client, clock } of rows) if (!first.has(client)) first.set(client, clock)
      updates.push(...encodeSteps(ledger.spans, rows, vector))
      next = last.seq + 1
    } else if (from > 0 && lacksOlder(ledger, first, vector)) {
      from = next = 0
      first = new Map()
      updates = []
    } else {
      send(updates)
      return null
    }
  }
}

/** How many stamps a device has: those of one epoch follow those of the one before. */
function heldOf({ spans }: Ledger, vector: ReadonlyMap<number, number>): number {
  return spans.reduce((sum, { epoch }) => sum + (vector.get(EPOCH_CLIENT + epoch) ?? 0), 0)
}

/**
 * Whether the device has a stamp whose entry it lacks (its disk lost a write): for each client the vector must reach
 * up to the first entry that we are about to send (`first`: its clock), or to the end.
 */
function lacksOlder(ledger: Ledger, first: ReadonlyMap<number, number>, vector: ReadonlyMap<number, number>): boolean {
  for (const [client, { clock }] of ledger.head?.clients ?? []) {
    if ((vector.get(client) ?? 0) < (first.get(client) ?? clock)) return true
  }
  return false
}
