import type { Room } from '#conversation/rooms.ts'
import type { Bus } from '#server/bus/port.ts'
import type { Append, AppendResult, Store, StoredEntry } from '#server/store/port.ts'
import { Ledger } from './ledger.ts'
import { Markers } from './markers.ts'

export interface Loaded {
  ledger: Ledger
  markers: Markers
}

export interface HotOptions {
  room: Room
  store: Pick<Store, 'head' | 'markers' | 'markSeen'>
  bus: Bus
  now(): number
  /** A read marker moved. */
  moved(): void
}

/** What a room takes from the store when it gets hot: once, however many wait for it. */
export class Hot {
  readonly #options: HotOptions
  #loading: Promise<Loaded> | null = null
  #loaded: Loaded | null = null
  /** Settled while the head was being read: it may or may not be in it. */
  #early: { append: Append; result: AppendResult }[] = []

  constructor(options: HotOptions) {
    this.#options = options
  }

  /** Null until it is loaded. */
  get loaded(): Loaded | null {
    return this.#loaded
  }

  /** Rejects if the store failed, and goes on doing so: the room is of no use then. */
  async load(): Promise<Loaded> {
    this.#loading ??= this.#read()
    return await this.#loading
  }

  /** Takes the store's answer to an update of this room (Ledger.settle). */
  settle(append: Append, result: AppendResult): StoredEntry[] | 'gap' {
    if (this.#loaded !== null) return this.#loaded.ledger.settle(append, result)
    // Nobody has been told anything yet: whoever waits will be told with what it lacks.
    this.#early.push({ append, result })
    return []
  }

  async #read(): Promise<Loaded> {
    const { store, room } = this.#options
    const [head, furthest] = await Promise.all([store.head(room), store.markers(room)])
    const ledger = new Ledger(head)
    for (const { append, result } of this.#early) {
      if (result.status === 'stored') ledger.settle(append, result)
    }
    this.#early = []
    this.#loaded = { ledger, markers: new Markers(this.#options, furthest) }
    return this.#loaded
  }
}
