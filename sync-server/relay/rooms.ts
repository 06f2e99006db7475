import type { Principal } from '#conversation/ids.ts'
import { parseRoom, roomName, type Room } from '#conversation/rooms.ts'
import { CloseCode } from '#conversation/wire.ts'
import type { Bus } from '#server/bus/port.ts'
import type { Reached } from '#server/crash-points.ts'
import type { Append, AppendResult, NewEntry, Store } from '#server/store/port.ts'
import { TRY_AGAIN } from './door.ts'
import type { Log } from './port.ts'
import { Queue } from './queue.ts'
import { LedgerRoom } from './room.ts'

export interface RoomsOptions {
  store: Store
  bus: Bus
  now(): number
  /** Between 0 and 1. */
  random(): number
  log: Log
  onJobs(): void
  reached: Reached
}

/** The hot rooms by name, and the one queue that they share. */
export class Rooms {
  readonly #options: RoomsOptions
  readonly #rooms = new Map<string, LedgerRoom>()
  readonly #queue: Queue

  constructor(options: RoomsOptions) {
    this.#options = options
    this.#queue = new Queue({
      ...options,
      told: (name) => this.#rooms.get(name)?.tell(),
      failed: (names) => {
        for (const name of names) this.#rooms.get(name)?.close(...TRY_AGAIN)
      },
    })
  }

  get size(): number {
    return this.#rooms.size
  }

  /** The room of that name, hot from now on; null if there are no rooms of such a name. */
  get(name: string): LedgerRoom | null {
    const known = this.#rooms.get(name)
    if (known !== undefined) return known
    const room = parseRoom(name)
    if (room === null) return null
    const { store, bus, now, random, log } = this.#options
    const fresh: LedgerRoom = new LedgerRoom({
      name,
      room,
      store,
      bus,
      now,
      random,
      log,
      hasSpace: () => this.#queue.hasSpace,
      space: () => this.#queue.space,
      push: (append, from) =>
        this.#queue.push({
          append,
          room: name,
          settle: (result) => this.#rooms.get(name)?.settle(append, result, from),
        }),
      // By object, not by name: the late end of a room must not take its successor with it.
      over: () => {
        if (this.#rooms.get(name) === fresh) this.#rooms.delete(name)
      },
    })
    this.#rooms.set(name, fresh)
    return fresh
  }

  /** Appends on the server's behalf, whether the room is hot or not. */
  async append(room: Room, principal: Principal, entries: Pick<NewEntry, 'id' | 'text' | 'entry'>[], client: number) {
    const name = roomName(room)
    const append: Append = {
      room,
      principal,
      asker: { role: 'server' },
      entries: entries.map((entry) => ({ ...entry, client, clock: null })),
    }
    const { promise, resolve, reject } = Promise.withResolvers<AppendResult>()
    this.#queue.push({
      append,
      room: name,
      settle: (result) => {
        resolve(result)
        this.#rooms.get(name)?.settle(append, result, null)
      },
      fail: reject,
    })
    return await promise
  }

  /** The document has a new epoch: whoever is in it begins again, in a room that loads it anew. */
  reset(name: string): void {
    this.#rooms.get(name)?.close(CloseCode.StaleDocument, 'something in this document was erased')
  }

  /** What somebody may reach has changed. */
  recheck(): void {
    for (const room of [...this.#rooms.values()]) room.recheck()
  }

  renew(): void {
    for (const room of this.#rooms.values()) room.renew()
  }

  /** Stores what is queued. */
  async drain(): Promise<void> {
    await this.#queue.drain()
  }
}
