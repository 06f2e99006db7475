import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { entryMissing } from '#conversation/document.ts'
import { CloseCode, FIRST_DEVICE_CLIENT, STAMPS, type OwnPresence } from '#conversation/wire.ts'
import { fraction, type Environment } from '#sync/environment.ts'
import { keepDocument, NO_PERSISTENCE, type Persistence } from '#sync/persistence.ts'
import type { Connection } from '#sync/socket.ts'

/** The longest pause of y-websocket's own back-off, in ms: it has no jitter, so each copy draws its own. */
const LONGEST_PAUSE = 10_000
/** A room that was not put off for so long is well again, in ms. */
const WELL_AFTER = 30_000

export interface CopyOptions {
  /** The room's name. */
  room: string
  /** The database's name, or null to keep nothing. */
  database: string | null
  connection: Connection
  environment: Environment
  presence: OwnPresence
}

/** What a copy tells the ledger that holds it. */
export interface CopyEvents {
  /** Entries, stamps, presence or the state of loading and syncing have changed. */
  changed(): void
  presenceChanged(): void
  /** The relay closed the room with a code that y-websocket takes as final, or would have, if it knew what is here. */
  closed(code: number, reason: string): void
  storageLost(): void
}

/** One generation of a ledger document on this device: a Y.Doc, its database, and its room at the relay. */
export class Copy {
  readonly doc = new Y.Doc()
  readonly awareness: Awareness
  loaded = false
  readonly #options: CopyOptions
  readonly #events: CopyEvents
  readonly #persistence: Persistence
  #provider: WebsocketProvider | null = null
  #refreshing = false
  /** How many stamps are known to have their entries. */
  #complete = 0
  #ended = false
  /** How often in a row the relay has put the room off, and when last. */
  #putOff = { times: 0, at: 0 }

  constructor(options: CopyOptions, events: CopyEvents) {
    const { environment, database, presence } = options
    this.#options = options
    this.#events = events
    // Its own for each copy: a client id that is used twice makes two histories of one.
    this.doc.clientID = deviceClient(environment)
    this.doc.on('update', () => {
      // Yjs takes another client id when somebody else has used this one. y-websocket says goodbye under the new one,
      // and throws if awareness has never heard of it.
      const { meta } = this.awareness
      if (!meta.has(this.doc.clientID)) meta.set(this.doc.clientID, { clock: 0, lastUpdated: 0 })
      this.#changed()
    })
    this.awareness = new Awareness(this.doc)
    this.awareness.setLocalState({ ...presence })
    this.awareness.on('change', () => events.presenceChanged())
    this.#persistence =
      database === null ? NO_PERSISTENCE : keepDocument(database, this.doc, environment, events.storageLost)
    void this.#start()
  }

  /** Whether it was given up: what it holds can be read, and is not what the relay has. */
  get ended(): boolean {
    return this.#ended
  }

  /** Whether the relay has given all it had since the last (re)connection, and gets what is appended. */
  get synced(): boolean {
    return !this.#ended && !this.#refreshing && this.#provider?.synced === true
  }

  setPresence(presence: OwnPresence): void {
    this.awareness.setLocalState({ ...presence })
  }

  /** Takes in what other tabs have kept. False: there was nothing new. */
  async readKept(): Promise<boolean> {
    await this.#persistence.loaded
    let isNew = false
    const heard = () => (isNew = true)
    this.doc.on('update', heard)
    await this.#persistence.refresh()
    this.doc.off('update', heard)
    return isNew
  }

  /** Takes in what other tabs have kept, and syncs anew; until then the copy is not synced. */
  async refresh(): Promise<void> {
    this.#refreshing = true
    this.#events.changed()
    await this.readKept()
    this.#refreshing = false
    this.syncAnew()
  }

  /** Asks the relay again whether this copy can be continued. */
  syncAnew(): void {
    if (this.#ended || this.#provider === null) return
    this.#provider.disconnect()
    this.#provider.connect()
  }

  /** Tries the room again after a final close. */
  reconnect(): void {
    if (!this.#ended) this.#provider?.connect()
  }

  /** Leaves the room and closes the database. The document can still be read. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    this.#provider?.destroy()
    this.awareness.destroy()
    await this.#persistence.close()
    this.doc.destroy()
  }

  async #start(): Promise<void> {
    await this.#persistence.loaded
    if (this.#ended) return
    this.loaded = true
    this.#provider = this.#join()
    this.#events.changed()
  }

  #join(): WebsocketProvider {
    const { connection, environment, room } = this.#options
    const provider = new WebsocketProvider(connection.url, room, this.doc, {
      awareness: this.awareness,
      WebSocketPolyfill: connection.channelSocket(),
      // Its BroadcastChannel knows no principal.
      disableBc: true,
    })
    // The connection watches the real socket. This timer would take a hidden tab's late clock for a dead room.
    clearInterval(provider._checkInterval)
    provider.on('sync', () => this.#changed())
    provider.on('connection-close', (event) => {
      provider.maxBackoffTime = 1_000 + fraction(environment) * (LONGEST_PAUSE - 1_000)
      if (event?.code === CloseCode.TryAgain) this.#slowDown(provider)
      this.#events.changed()
    })
    provider.on('closed', ({ code, reason }) => {
      if (!this.#ended) this.#events.closed(code, reason)
    })
    return provider
  }

  #changed(): void {
    this.#events.changed()
    this.#checkPlaces()
  }

  /**
   * An entry has its place in a document by client id and clock. Where somebody else's came to the relay under a place
   * that holds an entry here, which had not left yet, neither side sees anything missing: each has something there.
   * What tells is the other's stamp, which came without its entry.
   */
  #checkPlaces(): void {
    // Updates may come in another order than they were made, as long as they come.
    if (!this.synced || this.doc.store.pendingStructs !== null) return
    const entry = entryMissing(this.doc, this.#complete)
    this.#complete = this.doc.getArray(STAMPS).length
    if (entry === null) return
    // Nothing more goes into this copy.
    this.#provider?.disconnect()
    this.#events.closed(CloseCode.StaleDocument, `the place of ${entry} is taken here`)
  }

  /** y-websocket begins its back-off anew at each sync; a relay whose store takes nothing lets a room sync each time. */
  #slowDown(provider: WebsocketProvider): void {
    const now = this.#options.environment.now()
    const times = now - this.#putOff.at > WELL_AFTER ? 0 : this.#putOff.times
    provider.wsUnsuccessfulReconnects = Math.max(provider.wsUnsuccessfulReconnects, times)
    this.#putOff = { times: times + 1, at: now }
  }
}

function deviceClient({ random }: Environment): number {
  for (;;) {
    const client = Math.floor(fraction({ random }) * 2 ** 32)
    if (client >= FIRST_DEVICE_CLIENT) return client
  }
}
