import type { Room } from '#conversation/rooms.ts'
import { CloseCode, EPOCH_CLIENT } from '#conversation/wire.ts'
import type { LedgerStore } from '#server/store/port.ts'
import { refusalOf } from './door.ts'
import { judge, staleStamps, type Case, type Objection, type Place, type Verdict } from './judge.ts'
import type { Ledger } from './ledger.ts'
import type { Speaker } from './members.ts'
import { recogniseUpdate, recogniseVector, type Recognised } from './recognise.ts'

type Update = Extract<Recognised, { ok: true }>
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
 * Lets an update's bytes through the ledger gate: recognised, then judged; if need be after a look into the store for
 * the ids of entries that are said to be there already. Null: it is decided.
 */
export function passGate(bytes: Uint8Array, gate: Gate): Promise<void> | null {
  const found = recogniseUpdate(bytes)
  if (!found.ok) {
    gate.decide(refuse(CloseCode.Malformed, found.reason))
    return null
  }
  const verdict = judgeNow(found, gate, NOTHING)
  if (verdict.verdict === 'look') return lookAndDecide(found, gate, verdict.places)
  gate.decide(verdict)
  return null
}

const NOTHING: ReadonlyMap<string, string | null> = new Map()

function judgeNow({ stamps, runs }: Update, { room, ledger, speaker }: Gate, stored: Case['stored']): Verdict {
  const { caller } = speaker
  // The conversation, or what the caller may reach, may have changed while this waited.
  const refusal = refusalOf(room, caller, ledger.conversation)
  return refusal === null ? judge({ room, caller, ledger, stamps, runs, stored }) : refuse(...refusal)
}

async function lookAndDecide(update: Update, gate: Gate, first: Place[]): Promise<void> {
  const stored = new Map<string, string | null>()
  for (let places = first; ;) {
    const ids = await gate.store.idsAt(gate.room, places)
    places.forEach(({ client, clock }, i) => stored.set(`${client}/${clock}`, ids[i] ?? null))
    const verdict = judgeNow(update, gate, stored)
    if (verdict.verdict !== 'look') return gate.decide(verdict)
    places = verdict.places
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
