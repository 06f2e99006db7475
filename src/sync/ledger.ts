import type * as Y from 'yjs'
import { append, textsOf } from '#conversation/document.ts'
import type { Principal } from '#conversation/ids.ts'
import { roomName, type Room } from '#conversation/rooms.ts'
import type { Stamp } from '#conversation/summary.ts'
import type { OwnPresence } from '#conversation/wire.ts'
import { Changes } from '#sync/changes.ts'
import { Copy } from '#sync/copy.ts'
import type { Disk } from '#sync/disk.ts'
import type { Environment } from '#sync/environment.ts'
import type { OwnEntry } from '#sync/outbox.ts'
import { Reader, type Reading } from '#sync/reading.ts'
import type { Connection } from '#sync/socket.ts'

export interface LedgerOptions {
  room: Room
  principal: Principal
  disk: Disk
  connection: Connection
  environment: Environment
  /** Called when the relay closed the room for good. */
  closed(ledger: Ledger, code: number, reason: string): void
  /** Called when a copy that follows on one that was given up has synced: nothing needs the old one any more. */
  renewed(ledger: Ledger): void
  storageLost(): void
}

/** The database that holds one generation of a room's document. */
export function copyName(profile: string, principal: Principal, room: string, generation: number): string {
  return `${profile}${principal}/${room}/${generation}`
}

/** An own entry in a copy, and whether it has a stamp there. */
export interface OwnInCopy extends OwnEntry {
  stamped: boolean
}

/** One ledger document on this device, over its generations. */
export class Ledger {
  readonly room: Room
  readonly name: string
  generation = 0
  readonly #options: LedgerOptions
  readonly #changes = new Changes()
  readonly #presenceChanges = new Changes()
  readonly #reader: Reader
  #copy: Copy | null = null
  /** The document on the screen: the last one that was given up, until the fresh one is synced. */
  #shown: Y.Doc | null = null
  #reading: Reading | null = null
  /** Up to which generation older copies have been let go of. */
  #renewed = 0
  #gone: { reason: string } | null = null
  /** The copy of a room out of reach is being read and closed. */
  #leaving: Promise<unknown> | null = null
  #closed = false
  #presence: OwnPresence = { typing: null, seen: null }

  constructor(options: LedgerOptions) {
    this.#options = options
    this.room = options.room
    this.name = roomName(options.room)
    this.#reader = new Reader(options.room.kind, options.principal)
    void this.#start()
  }

  readonly subscribe = this.#changes.subscribe
  readonly watch = this.#changes.watch
  readonly subscribePresence = this.#presenceChanges.subscribe

  get state(): 'loading' | 'offline' | 'synced' | 'gone' {
    if (this.#gone !== null) return 'gone'
    if (this.#copy?.synced) return 'synced'
    return this.#copy?.loaded ? 'offline' : 'loading'
  }

  /** Why nothing can be sent here any more, or null. */
  get goneBecause(): string | null {
    return this.#gone?.reason ?? null
  }

  /** What stands in the document. */
  get reading(): Reading {
    return (this.#reading ??= this.#read())
  }

  /** The stamp of an entry as it is on the screen. */
  stampOf(entry: string): Stamp | null {
    return this.reading.stamps.get(entry) ?? null
  }

  /** The stamp in the copy that syncs, and not in one that was given up. */
  storedStamp(entry: string): Stamp | null {
    return this.#copy?.ended === false && this.#shown === this.#copy.doc ? this.stampOf(entry) : null
  }

  parse(id: string, text: string) {
    return this.#reader.parse(id, text)
  }

  /** Whether this entry stands in the document that goes to the relay. */
  holds(entry: string): boolean {
    return this.#copy !== null && textsOf(this.#copy.doc).has(entry)
  }

  /** Sends an entry, unless it is there. Only for a synced room: else it could be there twice. */
  append(id: string, text: string): void {
    if (this.#copy?.synced) append(this.#copy.doc, id, text, this)
  }

  /**
   * All of this principal's entries in the copy that went to the relay until now, stamped ones first; also those that
   * another tab has put there, and that this one had not heard of.
   */
  async own(): Promise<OwnInCopy[]> {
    const copy = this.#copy
    if (copy === null) return []
    await copy.readKept()
    const { doc } = copy
    const texts = textsOf(doc)
    const { stamped, unstamped } = this.#reader.read(doc)
    return (
      [...stamped, ...unstamped]
        // What was erased is nobody's to bring back.
        .filter(({ entry }) => entry.by === this.#options.principal && entry.kind !== 'erased')
        .map(({ id, entry, stamp }) => ({
          id,
          text: texts.get(id) ?? '',
          writtenAt: entry.at,
          stamped: stamp !== null,
        }))
    )
  }

  get presences(): ReadonlyMap<number, Record<string, unknown>> {
    return this.#copy?.awareness.getStates() ?? new Map()
  }

  /** The Yjs client id of this device in the room: its own presence goes under it. */
  get client(): number | null {
    return this.#copy?.awareness.clientID ?? null
  }

  setPresence(change: Partial<OwnPresence>): void {
    const next = { ...this.#presence, ...change }
    if (next.typing === this.#presence.typing && next.seen === this.#presence.seen) return
    this.#presence = next
    this.#copy?.setPresence(next)
  }

  /** Takes in what other tabs have kept, and syncs anew. */
  async refresh(): Promise<void> {
    await this.#copy?.refresh()
  }

  /**
   * Looks at what other tabs have kept: it may be of a history that is over, which only the relay can tell. Where two
   * tabs began with the same empty database, one before and one after an erasure, it holds both.
   */
  async reread(): Promise<void> {
    const copy = this.#copy
    if (await copy?.readKept()) copy?.syncAnew()
  }

  reconnect(): void {
    this.#copy?.reconnect()
  }

  /** Goes over to a newer generation of the document; an older or the same one changes nothing. */
  moveTo(generation: number): void {
    if (this.#closed || (this.#copy !== null && generation <= this.generation)) return
    void this.#copy?.close()
    this.#gone = null
    this.generation = generation
    this.#copy = this.#open(generation)
    this.#shown ??= this.#copy.doc
    this.#changed()
  }

  /** Gives the copy up. What was read of it stays on the screen until a newer one is synced. */
  giveUp(): void {
    void this.#copy?.close()
    this.#changed()
  }

  /** The room is out of reach: what was read of it stays on the screen. Resolves with `own`. */
  async setGone(reason: string): Promise<OwnInCopy[]> {
    this.#gone = { reason }
    this.#changes.tell()
    const copy = this.#copy
    const own = this.own()
    this.#leaving = own.then(() => copy?.close())
    return await own
  }

  /** Asks again to be let into a room that was out of reach. */
  async knock(): Promise<void> {
    if (this.#gone === null) return
    await this.#leaving
    this.#gone = null
    const generation = await this.#options.disk.generation(this.name)
    if (this.#closed || this.#copy?.ended === false) return
    if (generation > this.generation) return this.moveTo(generation)
    this.#copy = this.#open(generation)
    this.#changed()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#changes.clear()
    this.#presenceChanges.clear()
    await this.#copy?.close()
  }

  #read(): Reading {
    if (this.#shown === null) return { stamped: [], unstamped: [], stamps: new Map() }
    const reading = this.#reader.read(this.#shown)
    // What a given-up copy had not sent is in the outbox, where it may be refused or discarded since.
    return this.#shown === this.#copy?.doc ? reading : { ...reading, unstamped: [] }
  }

  async #start(): Promise<void> {
    this.moveTo(await this.#options.disk.generation(this.name))
  }

  #open(generation: number): Copy {
    const { connection, disk, environment, principal } = this.#options
    const database = disk.storage === 'kept' ? copyName(environment.profile, principal, this.name, generation) : null
    const copy: Copy = new Copy(
      { room: this.name, database, connection, environment, presence: this.#presence },
      {
        changed: () => this.#copy === copy && this.#changed(),
        presenceChanged: () => this.#copy === copy && this.#presenceChanges.tell(),
        closed: (code, reason) => this.#copy === copy && this.#options.closed(this, code, reason),
        storageLost: () => void this.#lostStorage(copy),
      },
    )
    return copy
  }

  /** A copy's database was taken away: by a tab that has given the copy up and deletes it, or by the browser. */
  async #lostStorage(copy: Copy): Promise<void> {
    const generation = await this.#options.disk.generation(this.name)
    if (this.#copy === copy && generation > this.generation) return this.moveTo(generation)
    if (!copy.ended) this.#options.storageLost()
  }

  #changed(): void {
    if (this.#copy?.synced) {
      this.#shown = this.#copy.doc
      if (this.generation > this.#renewed) this.#options.renewed(this)
      this.#renewed = this.generation
    }
    this.#reading = null
    this.#changes.tell()
  }
}
