import { isUlid, roleOf, type Principal } from '#conversation/ids.ts'
import { EPOCH_CLIENT, FIRST_DEVICE_CLIENT, type OwnPresence } from '#conversation/wire.ts'
import * as encoding from 'lib0/encoding'
import { Malformed, Reader } from './bytes.ts'
import { MAX_PRESENCE } from './limits.ts'
import type { Caller } from './port.ts'

/**
 * Presence is the server's. What a device says of itself is read, cut down to what OwnPresence knows, and told to others
 * under an id that the relay made up for this connection, with the relay's clocks and the caller's own name. So a
 * device can speak for nobody else, and nobody learns a device's Yjs client id.
 */

/** Who reads: agents are told more than visitors. */
export type Audience = 'agent' | 'visitor'

export function audienceOf(principal: Principal): Audience {
  return roleOf(principal) === 'visitor' ? 'visitor' : 'agent'
}

/** One connection's presence in a room. */
export class Presence {
  /** The awareness id that others see. Above all that a Yjs device can have, so no device ever takes it for its own. */
  readonly id: number
  #own: number | null = null
  #clock = 0
  #state: OwnPresence | null = null
  #encoded: Partial<Record<Audience, Uint8Array>> = {}

  constructor(random: () => number) {
    this.id = 2 * EPOCH_CLIENT + Math.floor(random() * 2 ** 52)
  }

  get state(): OwnPresence | null {
    return this.#state
  }

  /** Takes what the device says. True if others have to be told. */
  change(said: Said, principal: Principal): boolean {
    // The first id that a device speaks under is its own for good. Others in its frames are echoes of what it was told.
    const own = said.find(({ id, state }) => id === this.#own || (this.#own === null && state !== null))
    if (own === undefined) return false
    this.#own = own.id
    const state = own.state === null ? null : readOwn(own.state, principal)
    if (same(state, this.#state)) return false
    this.#state = state
    this.renew()
    return true
  }

  /** The next clock: others keep a state for 30 s after they heard a new one. */
  renew(): void {
    this.#clock++
    this.#encoded = {}
  }

  leave(): void {
    this.#state = null
    this.renew()
  }

  /** The state as this audience is told it; encoded once, however many read it. */
  encoded(audience: Audience, { principal, name, avatar }: Caller): Uint8Array {
    const known = this.#encoded[audience]
    if (known !== undefined) return known
    const user = { principal, name, avatar }
    const typing = this.#state?.typing ?? null
    const told = audience === 'agent' ? { ...this.#state, user } : { user, typing: typing === 'reply' ? typing : null }
    const bytes = encodeState(this.id, this.#clock, this.#state === null ? null : told)
    this.#encoded[audience] = bytes
    return bytes
  }
}

/** One state of an awareness update, encoded. */
export function encodeState(id: number, clock: number, state: object | null): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, id)
  encoding.writeVarUint(encoder, clock)
  encoding.writeVarString(encoder, JSON.stringify(state))
  return encoding.toUint8Array(encoder)
}

/** Whether somebody who reads may know that the other is there. */
export function maySee(reader: Audience, other: Audience): boolean {
  return reader === 'agent' || other === 'agent'
}

/** What a frame says of ids that a device may have. */
export type Said = { id: number; state: object | null }[]

/**
 * Reads an awareness update (y-protocols/awareness.js). Foreign ids are skipped unread: a provider re-sends the states
 * of others as it learns them. `large`: one state of the device's own is more than MAX_PRESENCE bytes.
 */
export function readStates(bytes: Uint8Array): Said | 'malformed' | 'large' {
  const reader = new Reader(bytes)
  const said: Said = []
  try {
    for (let left = reader.count(3); left > 0; left--) {
      const id = reader.varUint()
      reader.varUint()
      const json = reader.varBytes()
      if (id < FIRST_DEVICE_CLIENT || id >= EPOCH_CLIENT) continue
      if (json.length > MAX_PRESENCE) return 'large'
      const state: unknown = JSON.parse(new TextDecoder().decode(json))
      if (typeof state !== 'object') return 'malformed'
      said.push({ id, state })
    }
    reader.end()
    return said
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError) return 'malformed'
    throw error
  }
}

function readOwn(state: object, principal: Principal): OwnPresence {
  const { typing, seen } = state as { typing?: unknown; seen?: unknown }
  const comments = audienceOf(principal) === 'agent' && typing === 'comment'
  return {
    typing: comments ? 'comment' : typing === 'reply' ? 'reply' : null,
    seen: typeof seen === 'string' && isUlid(seen) ? seen : null,
  }
}

function same(a: OwnPresence | null, b: OwnPresence | null): boolean {
  return a === null || b === null ? a === b : a.typing === b.typing && a.seen === b.seen
}
