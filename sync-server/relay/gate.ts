import type { Room } from '#conversation/rooms.ts'
import { CloseCode, EPOCH_CLIENT } from '#conversation/wire.ts'
import type { LedgerStore } from '#server/store/port.ts'
import { refusalOf } from './door.ts'
import { judge, staleStamps, type Objection, type Verdict } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { Speaker } from './members.ts'
import { recogniseUpdate, recogniseVector } from './recognise.ts'

export type Decided = Exclude<Verdict, { verdict: 'look' }>

const refuse = (code: CloseCode, reason: string): Objection => ({ verdict: 'refuse', code, reason })

export interface Gate {
  room: Room
  ledger: Ledger
  speaker: Speaker
  store: Pick<LedgerStore, 'idsAt'>
  /** Called once, in the turn in which it was decided: what is decided holds only until somebody else's update. */
  decide(verdict: Decided): void
}

/**
 * Lets an update's bytes through the ledger gate: recognised, then judged, with a look into the store for the ids of
 * entries that are said to be there already.
 */
export async function passGate(bytes: Uint8Array, { room, ledger, speaker, store, decide }: Gate): Promise<void> {
  const found = recogniseUpdate(bytes)
  if (!found.ok) return decide(refuse(CloseCode.Malformed, found.reason))
  const stored = new Map<string, string | null>()
  for (;;) {
    const { caller } = speaker
    // The conversation, or what the caller may reach, may have changed while this waited.
    const refusal = refusalOf(room, caller, ledger.conversation)
    if (refusal !== null) return decide(refuse(...refusal))
    const verdict = judge({ room, caller, ledger, stamps: found.stamps, runs: found.runs, stored })
    if (verdict.verdict !== 'look') return decide(verdict)
    const ids = await store.idsAt(room, verdict.places)
    verdict.places.forEach(({ client, clock }, i) => stored.set(`${client}/${clock}`, ids[i] ?? null))
  }
}

/** Reads a device's state vector; what it says of the stamps must be what the store can continue. */
export function readVector(bytes: Uint8Array, ledger: Ledger): Map<number, number> | Objection {
  const vector = recogniseVector(bytes)
  if (vector === null) return refuse(CloseCode.Malformed, 'not a state vector')
  for (const [client, clock] of vector) {
    const reason = client < EPOCH_CLIENT || clock === 0 ? null : staleStamps(ledger, client, clock)
    if (reason !== null) return refuse(CloseCode.StaleDocument, reason)
  }
  return vector
}
