import type { Principal } from '#conversation/ids.ts'
import { roomName, type Room } from '#conversation/rooms.ts'
import { CloseCode } from '#conversation/wire.ts'
import type { Disk } from '#sync/disk.ts'
import { fraction, type Cancel, type Environment } from '#sync/environment.ts'
import { Ledger } from '#sync/ledger.ts'
import type { Outbox } from '#sync/outbox.ts'
import type { Connection } from '#sync/socket.ts'
import type { Tabs } from '#sync/tabs.ts'

/** A fresh copy that is refused as well waits for the next one: 2 s, 4 s, ... up to this, in ms. */
const LONGEST_WAIT = 60_000
/** A copy that held this long was a good one, in ms. */
const GOOD_AFTER = 120_000
/** How long a room is left alone after a final close that has no cure of its own, in ms; up to twice that. */
const PAUSE = 30_000

export interface DocumentsOptions {
  principal: Principal
  disk: Disk
  connection: Connection
  environment: Environment
  outbox: Outbox
  tabs: Tabs
  /** A room has a fresh copy that has synced. */
  renewed(room: string): void
  storageLost(): void
}

interface Held {
  ledger: Ledger
  users: number
  /** How often in a row a copy was given up, and when last. */
  givenUp: number
  givenUpAt: number
  /** Whether a copy was given up as malformed: once is the cure, twice is a bug. */
  malformed: boolean
  timer: Cancel
}

/** The ledger documents that are open on this device: each once, however many look at it. */
export class Documents {
  readonly #options: DocumentsOptions
  readonly #held = new Map<string, Held>()
  readonly #opened = new Set<(ledger: Ledger) => void>()
  readonly #unlisten: Cancel
  /** Copies that are being closed, or given up. */
  readonly #unfinished = new Set<Promise<void>>()

  constructor(options: DocumentsOptions) {
    this.#options = options
    this.#unlisten = options.tabs.onMessage((message) => {
      if (message.is === 'generation') this.#held.get(message.room)?.ledger.moveTo(message.generation)
    })
  }

  /** Opens a room; each `acquire` wants one `release`. */
  acquire(room: Room): Ledger {
    const name = roomName(room)
    const held = this.#held.get(name)
    if (held !== undefined) {
      held.users++
      return held.ledger
    }
    const { principal, disk, connection, environment, storageLost } = this.#options
    const ledger = new Ledger({
      room,
      principal,
      disk,
      connection,
      environment,
      storageLost,
      renewed: (renewed) => this.#options.renewed(renewed.name),
      closed: (closed, code, reason) => this.#outlive(this.#closed(closed, code, reason)),
    })
    this.#held.set(name, { ledger, users: 1, givenUp: 0, givenUpAt: 0, malformed: false, timer: () => {} })
    for (const listener of this.#opened) listener(ledger)
    return ledger
  }

  release(ledger: Ledger): void {
    const held = this.#held.get(ledger.name)
    if (held === undefined || held.ledger !== ledger || --held.users > 0) return
    this.#held.delete(ledger.name)
    this.#end(held)
  }

  get(room: string): Ledger | null {
    return this.#held.get(room)?.ledger ?? null
  }

  get all(): Ledger[] {
    return [...this.#held.values()].map(({ ledger }) => ledger)
  }

  /** Tries the rooms again that were out of reach, as far as they may be in reach now. */
  knock(reaches: (room: Room) => boolean): void {
    for (const { ledger } of this.#held.values()) if (reaches(ledger.room)) void ledger.knock()
  }

  /** Called with each ledger as it is opened. */
  onOpened(listener: (ledger: Ledger) => void): void {
    this.#opened.add(listener)
  }

  async close(): Promise<void> {
    this.#unlisten()
    const all = [...this.#held.values()]
    this.#held.clear()
    for (const held of all) this.#end(held)
    while (this.#unfinished.size > 0) await Promise.all(this.#unfinished)
  }

  #end({ ledger, timer }: Held): void {
    timer()
    this.#outlive(ledger.close())
  }

  /** What closing the documents has to wait for. */
  #outlive(work: Promise<void>): void {
    const done = work.finally(() => this.#unfinished.delete(done))
    this.#unfinished.add(done)
  }

  /** What a final close of a room asks for (DESIGN, section 5). */
  async #closed(ledger: Ledger, code: number, reason: string): Promise<void> {
    const held = this.#held.get(ledger.name)
    if (held === undefined) return
    switch (code) {
      case CloseCode.StaleDocument:
        return this.#giveUp(held)
      case CloseCode.RefusedEntry:
        return this.#refused(held, reason)
      case CloseCode.Malformed:
        if (held.malformed) return this.#pause(held)
        held.malformed = true
        return this.#giveUp(held)
      case CloseCode.Forbidden:
      case CloseCode.NoSuchRoom:
        return this.#gone(held, reason)
      default:
        return this.#pause(held)
    }
  }

  /** The refused entry stands in the copy, and would be refused at each sync: the copy is given up, the entry is not. */
  async #refused(held: Held, reason: string): Promise<void> {
    const { outbox } = this.#options
    const { ledger } = held
    const [, id, why] = /^([0-9A-Z]{26})[\s:,]*(.*)$/s.exec(reason) ?? []
    const entry = (await ledger.own()).find((each) => each.id === id)
    if (id === undefined || entry === undefined) return this.#giveUp(held)
    await outbox.refuse(ledger.name, [entry], why === undefined || why === '' ? reason : why)
    // It never goes up again, so this can only happen so often: no reason to make the others wait.
    if (!entry.stamped) held.givenUp = 0
    return this.#giveUp(held, id)
  }

  /**
   * Gives the copy up for a fresh one; own entries that the relay may lack go back to the outbox first, but for a
   * refused one, which is there and may be discarded any moment.
   */
  async #giveUp(held: Held, refused?: string): Promise<void> {
    const { environment, outbox, tabs } = this.#options
    const { ledger } = held
    const now = environment.now()
    if (now - held.givenUpAt > GOOD_AFTER) held.givenUp = 0
    held.givenUpAt = now
    const wait = held.givenUp === 0 ? 0 : Math.min(LONGEST_WAIT, 1_000 * 2 ** held.givenUp)
    held.givenUp++
    const from = ledger.generation
    const own = (await ledger.own()).filter((each) => each.id !== refused)
    const generation = await outbox.recover(ledger.name, from, own)
    tabs.tell({ is: 'generation', room: ledger.name, generation })
    // Released meanwhile: there is nobody to wait for a fresh copy.
    if (this.#held.get(ledger.name) !== held) return
    // Another tab's word of it has come first: what is open here is the fresh copy.
    if (ledger.generation >= generation) return
    if (wait === 0) return ledger.moveTo(generation)
    ledger.giveUp()
    held.timer()
    held.timer = environment.after(wait, () => ledger.moveTo(generation))
  }

  /**
   * Own entries cannot go there now: the person decides. The copy that holds them must not send them later; what was
   * stored once is kept in safety from it, as a restored backup may get the conversation back from somebody else.
   */
  async #gone({ ledger }: Held, reason: string): Promise<void> {
    const { disk, outbox } = this.#options
    const from = ledger.generation
    const why = reason === '' ? 'this conversation is out of reach' : reason
    const own = await ledger.setGone(why)
    const unsent = own.filter((each) => !each.stamped)
    // A copy in memory is gone with its room.
    if (unsent.length > 0 || disk.storage === 'memory') {
      const generation = await outbox.recover(ledger.name, from, own)
      // Let in again meanwhile: not with the copy that holds what was unsent.
      if (ledger.state !== 'gone') ledger.moveTo(generation)
    }
    await outbox.refuse(ledger.name, unsent, why, 'all')
  }

  #pause(held: Held): void {
    const { environment } = this.#options
    held.timer()
    held.timer = environment.after(PAUSE * (1 + fraction(environment)), () => held.ledger.reconnect())
  }
}
