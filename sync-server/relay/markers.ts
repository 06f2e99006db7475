import { roleOf, type Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import { RELAY_CLIENT, type RelayPresence } from '#conversation/wire.ts'
import type { Bus } from '#server/bus/port.ts'
import type { FeedStore } from '#server/store/port.ts'
import { encodeState, type Audience } from './presence.ts'

/**
 * Read markers of one room: how far each principal has read. The store keeps them; the room tells them as the relay's
 * own awareness state, under RELAY_CLIENT.
 */

export interface MarkersOptions {
  room: Room
  store: Pick<FeedStore, 'markSeen'>
  bus: Bus
  now(): number
  /** A marker moved: the room has to be told. */
  moved(): void
}

/** Moves a marker in the store, and tells the agent's other devices. Null: it was as far already. */
export async function moveMarker(
  { room, store, bus }: Pick<MarkersOptions, 'room' | 'store' | 'bus'>,
  principal: Principal,
  entry: string,
): Promise<{ seq: number } | null> {
  const moved = await store.markSeen(principal, room, entry)
  if (moved?.row) bus.publish({ type: 'rows', rows: [moved.row], only: principal })
  return moved
}

export class Markers {
  readonly #options: MarkersOptions
  readonly #furthest: Map<Principal, { entry: string; seq: number }>
  /** The next entry of each principal whose marker is being moved: however fast they tell, one write at a time. */
  readonly #moving = new Map<Principal, string | null>()
  #clock = 0
  #encoded: Partial<Record<Audience, Uint8Array>> = {}

  constructor(options: MarkersOptions, furthest: Map<Principal, { entry: string; seq: number }>) {
    this.#options = options
    this.#furthest = furthest
    this.renew()
  }

  /** Whether there is anything to tell this audience. */
  known(audience: Audience): boolean {
    return Object.keys(this.#seen(audience)).length > 0
  }

  /** Somebody has read up to this entry. Rejects if the store fails. */
  async move(principal: Principal, entry: string): Promise<void> {
    if (this.#furthest.get(principal)?.entry === entry) return
    if (this.#moving.has(principal)) {
      this.#moving.set(principal, entry)
      return
    }
    try {
      for (let next: string | null = entry; next !== null; next = this.#moving.get(principal) ?? null) {
        this.#moving.set(principal, null)
        const moved = await moveMarker(this.#options, principal, next)
        if (moved === null) continue
        this.#furthest.set(principal, { entry: next, seq: moved.seq })
        this.renew()
        this.#options.moved()
      }
    } finally {
      this.#moving.delete(principal)
    }
  }

  /** The next clock. It is the time, so that it goes on where it was after a restart. */
  renew(): void {
    this.#clock = Math.max(this.#clock + 1, this.#options.now())
    this.#encoded = {}
  }

  encoded(audience: Audience): Uint8Array {
    return (this.#encoded[audience] ??= encodeState(RELAY_CLIENT, this.#clock, {
      seen: this.#seen(audience),
    } satisfies RelayPresence))
  }

  #seen(audience: Audience): Record<string, string> {
    if (audience === 'agent') return Object.fromEntries([...this.#furthest].map(([who, { entry }]) => [who, entry]))
    let team: { entry: string; seq: number } | null = null
    for (const [who, marker] of this.#furthest) {
      if (roleOf(who) === 'agent' && marker.seq > (team?.seq ?? -1)) team = marker
    }
    return team === null ? {} : { team: team.entry }
  }
}
