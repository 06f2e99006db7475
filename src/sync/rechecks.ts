import { parseRoom, type Room } from '#conversation/rooms.ts'
import type { Documents } from '#sync/documents.ts'
import type { Cancel } from '#sync/environment.ts'
import type { Ledger } from '#sync/ledger.ts'

/** How many rooms are looked at at once. */
const AT_ONCE = 4

export interface RechecksOptions {
  documents: Documents
  /** The rooms that may have to be looked at. */
  doubtful(): Promise<string[]>
  /** Whether we know that the relay would let us in now. */
  reaches(room: Room): boolean
  /** The room is in doubt no more. */
  cleared(room: string): Promise<void>
}

/**
 * Syncs the copies on this device that may be of a history that is over, also those that nobody looks at: a copy that
 * holds erased words is given up and deleted, and what this principal had written after a backup that was put back
 * goes to the relay again. A room stays in doubt until it has synced; who is not let in yet comes back later.
 */
export class Rechecks {
  readonly #options: RechecksOptions
  readonly #open = new Map<string, { ledger: Ledger; unwatch: Cancel }>()
  /** Rooms that did not let us in in this connection. */
  readonly #shut = new Set<string>()
  #state: 'idle' | 'looking' | 'again' | 'closed' = 'idle'

  constructor(options: RechecksOptions) {
    this.#options = options
  }

  /**
   * A connection is open: looks for what is in doubt, and knocks wherever we were not let in. Nobody else might: a
   * conversation that has lost all its messages with a restore is in nobody's list until one of them comes back.
   */
  connected(): void {
    this.#shut.clear()
    this.#options.documents.knock(() => true)
    this.#lookOn()
  }

  /** More may be in doubt, or in reach. */
  look(): void {
    const { documents, reaches } = this.#options
    for (const name of this.#shut) {
      const room = parseRoom(name)
      if (room !== null && reaches(room)) this.#shut.delete(name)
    }
    documents.knock(reaches)
    this.#lookOn()
  }

  close(): void {
    this.#state = 'closed'
    for (const [name] of this.#open) this.#release(name)
  }

  #lookOn(): void {
    if (this.#state === 'looking') this.#state = 'again'
    if (this.#state === 'idle') void this.#look()
  }

  async #look(): Promise<void> {
    this.#state = 'looking'
    const rooms = await this.#options.doubtful()
    if (this.#is('closed')) return
    for (const name of rooms) {
      const room = parseRoom(name)
      if (this.#open.size >= AT_ONCE) break
      if (room !== null && !this.#open.has(name) && !this.#shut.has(name)) void this.#check(name, room)
    }
    const again = this.#is('again')
    this.#state = 'idle'
    if (again) this.#lookOn()
  }

  #is(state: 'again' | 'closed'): boolean {
    return this.#state === state
  }

  async #check(name: string, room: Room): Promise<void> {
    const ledger = this.#options.documents.acquire(room)
    const settle = () => {
      if (ledger.state === 'synced') void this.#done(name, true)
      else if (ledger.state === 'gone') void this.#done(name, false)
    }
    const open = { ledger, unwatch: () => {} }
    this.#open.set(name, open)
    await ledger.reread()
    if (this.#open.get(name) !== open) return
    open.unwatch = ledger.subscribe(settle)
    settle()
  }

  async #done(name: string, cleared: boolean): Promise<void> {
    // What was recovered from the old copy keeps the room open by itself, until it is sent.
    if (!this.#release(name)) return
    if (cleared) await this.#options.cleared(name)
    else this.#shut.add(name)
    this.#lookOn()
  }

  #release(name: string): boolean {
    const open = this.#open.get(name)
    if (open === undefined) return false
    this.#open.delete(name)
    open.unwatch()
    this.#options.documents.release(open.ledger)
    return true
  }
}
