import type { Room } from '#conversation/rooms.ts'
import { EPOCH_CLIENT } from '#conversation/wire.ts'
import type { LedgerStore, StoredEntry } from '#server/store/port.ts'
import { encodeSteps } from './encode.ts'
import type { Ledger } from './ledger.ts'

/**
 * The updates that bring a device from its state vector to what is committed, in order; none if it is up to date, and
 * then the store is not asked. They are handed to `send` in the turn in which nothing was missing: after it, more may
 * be committed and told.
 */
export async function catchUp(
  store: Pick<LedgerStore, 'entries'>,
  room: Room,
  ledger: Ledger,
  vector: ReadonlyMap<number, number>,
  send: (updates: Uint8Array[]) => void,
): Promise<void> {
  let from = vector.get(EPOCH_CLIENT + ledger.epoch) ?? 0
  let rows: StoredEntry[] = []
  for (;;) {
    const next = rows.at(-1)?.seq ?? from - 1
    // While rows are read, more may be committed; read on until there is nothing left to read.
    if (next + 1 < ledger.next) {
      const more = await store.entries(room, next + 1)
      if (more.length === 0) throw new Error(`the store has ${next + 1} entries, its head says ${ledger.next}`)
      rows = rows.concat(more)
    } else if (from > 0 && lacksOlder(ledger, rows, vector)) {
      from = 0
      rows = []
    } else return send(encodeSteps(ledger.epoch, rows, vector))
  }
}

/**
 * Whether the device has a stamp whose entry it lacks (its disk lost a write): for each client the vector must reach
 * up to the first entry that we are about to send, or to the end.
 */
function lacksOlder(ledger: Ledger, rows: readonly StoredEntry[], vector: ReadonlyMap<number, number>): boolean {
  const first = new Map<number, number>()
  for (const { client, clock } of rows) if (!first.has(client)) first.set(client, clock)
  for (const [client, { clock }] of ledger.head?.clients ?? []) {
    if ((vector.get(client) ?? 0) < (first.get(client) ?? clock)) return true
  }
  return false
}
