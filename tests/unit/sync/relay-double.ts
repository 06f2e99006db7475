import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'
import { stampsOf, textsOf, type StampPair } from '#conversation/document.ts'
import type { FeedRow } from '#conversation/rows.ts'
import { CloseCode, decodeFrame, encodeFrame, EPOCH_CLIENT, STAMPS, type Frame } from '#conversation/wire.ts'
import type { SocketConstructor, SocketLike } from '#sync/environment.ts'

/**
 * A relay for tests of the device: the multiplexed wire over in-memory sockets, stamps, the feed, and a hand on
 * everything that can go wrong. What it accepts it stamps at once.
 */
export class RelayDouble {
  readonly rooms = new Map<string, RoomDouble>()
  readonly sockets = new Set<MemorySocket>()
  readonly seen: { room: string; entry: string }[] = []
  readonly follows: number[] = []
  readonly protocols: string[][] = []
  rows: FeedRow[] = []
  pageSize = 2
  /** `down`: connections fail. `deaf`: what devices send arrives, and nothing comes back. A number: closed with it. */
  network: 'up' | 'down' | 'deaf' | number = 'up'
  /** Entry ids that are refused, with the reason after the id. */
  readonly refusals = new Map<string, string>()
  /** Rooms that are closed with a code as soon as they are opened. */
  readonly shut = new Map<string, number>()
  /** The store fails: whoever brings something new is put off with 4503. When each one came, ms. */
  storeFails = false
  readonly failures: number[] = []
  /** What is dropped on the way: updates do not reach the relay. */
  dropUpdates = false
  /** How many were dropped. */
  dropped = 0
  /** The codes that rooms were closed with because of what a device sent. */
  readonly objections: number[] = []
  /** How often rooms were opened, by name. */
  readonly opens = new Map<string, number>()

  socketClass(): SocketConstructor {
    const take = (socket: MemorySocket) => this.#accept(socket)
    return class extends MemorySocket {
      constructor(_url: string, protocols: string[] = []) {
        super(protocols)
        take(this)
      }
    }
  }

  room(name: string): RoomDouble {
    let room = this.rooms.get(name)
    if (room === undefined) this.rooms.set(name, (room = new RoomDouble(this)))
    return room
  }

  /** Every socket is cut, as if a cable were pulled. */
  cut(): void {
    for (const socket of [...this.sockets]) socket.drop(1006)
  }

  /** Adds rows to the feed, and tells the connected devices. */
  publish(...rows: FeedRow[]): void {
    this.rows.push(...rows)
    const cursor = rows.at(-1)?.version ?? 0
    for (const socket of this.sockets)
      socket.deliver({ kind: 'rows', json: JSON.stringify({ rows, cursor, more: false }) })
  }

  #accept(socket: MemorySocket): void {
    this.protocols.push(socket.protocols)
    setImmediate(() => {
      if (socket.readyState === 3) return
      if (this.network === 'down') return socket.drop(1006)
      socket.relay = this
      socket.readyState = 1
      socket.onopen?.(new Event('open'))
      if (typeof this.network === 'number') return socket.drop(this.network)
      this.sockets.add(socket)
    })
  }

  receive(socket: MemorySocket, frame: Frame): void {
    switch (frame.kind) {
      case 'ping':
        return socket.deliver({ kind: 'pong' })
      case 'open':
        return this.#open(socket, frame.channel, frame.room)
      case 'data':
        return socket.rooms.get(frame.channel)?.message(socket, frame.channel, frame.message)
      case 'close':
        return void socket.leave(frame.channel)
      case 'follow':
        return this.#follow(socket, frame.cursor)
      case 'seen':
        return void this.seen.push({ room: frame.room, entry: frame.entry })
      default:
        throw new Error(`a device does not send ${frame.kind}`)
    }
  }

  #open(socket: MemorySocket, channel: number, name: string): void {
    this.opens.set(name, (this.opens.get(name) ?? 0) + 1)
    const code = this.shut.get(name)
    if (code !== undefined) return socket.deliver({ kind: 'close', channel, code, reason: 'shut' })
    const room = this.room(name)
    socket.rooms.set(channel, room)
    room.members.set(socket, channel)
    socket.deliver({ kind: 'opened', channel, message: room.step1() })
  }

  #follow(socket: MemorySocket, cursor: number): void {
    this.follows.push(cursor)
    const newest = this.rows.at(-1)?.version ?? 0
    // A cursor from before a backup was restored: everything anew, as the store does it.
    const from = cursor > newest ? 0 : cursor
    let rest = this.rows.filter((row) => row.version > from)
    do {
      const rows = rest.slice(0, this.pageSize)
      rest = rest.slice(this.pageSize)
      const page = { rows, cursor: rest.length > 0 ? (rows.at(-1)?.version ?? 0) : newest, more: rest.length > 0 }
      socket.deliver({ kind: 'rows', json: JSON.stringify(page) })
    } while (rest.length > 0)
  }
}

/** One room: a Y.Doc with stamps, and the checks whose closes the device must cure. */
export class RoomDouble {
  readonly members = new Map<MemorySocket, number>()
  readonly #relay: RelayDouble
  doc = new Y.Doc()
  epoch = 0
  /** How many entries each update brought, in order of arrival. */
  readonly updates: string[][] = []

  constructor(relay: RelayDouble) {
    this.#relay = relay
    this.doc.clientID = EPOCH_CLIENT
  }

  get ids(): string[] {
    return stampsOf(this.doc).map(([id]) => id)
  }

  get texts(): string[] {
    return this.ids.map((id) => textsOf(this.doc).get(id) ?? '')
  }

  /** Somebody else appends; under that Yjs client id, if it is given. */
  add(id: string, text: string, client?: number): void {
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(this.doc))
    // After that: Yjs takes another id as soon as it sees its own in an update.
    if (client !== undefined) other.clientID = client
    textsOf(other).set(id, text)
    this.#accept(Y.encodeStateAsUpdate(other, Y.encodeStateVector(this.doc)), [id])
  }

  /** A restored backup, or an erasure: the document begins anew with these entries only. */
  restart(keep: string[]): void {
    const kept = stampsOf(this.doc).filter(([id]) => keep.includes(id))
    const texts = new Map(kept.map(([id]) => [id, textsOf(this.doc).get(id) ?? '']))
    this.epoch++
    this.doc = new Y.Doc()
    this.doc.clientID = EPOCH_CLIENT + this.epoch
    const author = new Y.Doc()
    for (const [id, text] of texts) textsOf(author).set(id, text)
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(author))
    this.doc.getArray<StampPair>(STAMPS).push(kept)
    this.closeAll(CloseCode.TryAgain, 'restarted')
  }

  closeAll(code: number, reason: string): void {
    for (const [socket, channel] of [...this.members]) {
      socket.leave(channel)
      socket.deliver({ kind: 'close', channel, code, reason })
    }
  }

  step1(): Uint8Array {
    return syncMessage((encoder) => sync.writeSyncStep1(encoder, this.doc))
  }

  message(socket: MemorySocket, channel: number, message: Uint8Array): void {
    const decoder = decoding.createDecoder(message)
    if (decoding.readVarUint(decoder) !== 0) return
    const type = decoding.readVarUint(decoder)
    const bytes = decoding.readVarUint8Array(decoder)
    if (type === sync.messageYjsSyncStep1) return this.#answer(socket, channel, bytes)
    if (this.#relay.dropUpdates) this.#relay.dropped++
    else this.#update(socket, channel, bytes)
  }

  #answer(socket: MemorySocket, channel: number, vector: Uint8Array): void {
    for (const [client, clock] of Y.decodeStateVector(vector)) {
      const stale = client >= EPOCH_CLIENT && (client !== this.doc.clientID || clock > this.ids.length)
      if (stale) return this.#close(socket, channel, CloseCode.StaleDocument, 'another epoch')
    }
    const message = syncMessage((encoder) => sync.writeSyncStep2(encoder, this.doc, vector))
    socket.deliver({ kind: 'data', channel, message })
  }

  #update(socket: MemorySocket, channel: number, update: Uint8Array): void {
    const { structs, ds } = Y.decodeUpdate(update)
    if (ds.clients.size > 0) return this.#close(socket, channel, CloseCode.Malformed, 'deletes')
    const vector = Y.decodeStateVector(Y.encodeStateVector(this.doc))
    const ids: string[] = []
    for (const struct of structs) {
      if (struct.id.client >= EPOCH_CLIENT || struct.id.clock < (vector.get(struct.id.client) ?? 0)) continue
      if (!(struct instanceof Y.Item) || struct.parentSub === null) throw new Error('not an entry')
      const id = struct.parentSub
      if (this.ids.includes(id)) return this.#close(socket, channel, CloseCode.StaleDocument, `${id} is known`)
      const refusal = this.#relay.refusals.get(id)
      if (refusal !== undefined) return this.#close(socket, channel, CloseCode.RefusedEntry, `${id} ${refusal}`)
      ids.push(id)
    }
    if (ids.length === 0) return
    if (this.#relay.storeFails) {
      this.#relay.failures.push(Date.now())
      return this.#close(socket, channel, CloseCode.TryAgain, 'try again')
    }
    this.updates.push(ids)
    this.#accept(update, ids)
  }

  #accept(update: Uint8Array, ids: string[]): void {
    const before = Y.encodeStateVector(this.doc)
    Y.applyUpdate(this.doc, update)
    const last = stampsOf(this.doc).at(-1)?.[1] ?? 0
    const at = Math.max(Date.now(), last + 1)
    this.doc.getArray<StampPair>(STAMPS).push(ids.map((id, index) => [id, at + index]))
    const news = syncMessage((encoder) => sync.writeUpdate(encoder, Y.encodeStateAsUpdate(this.doc, before)))
    for (const [socket, channel] of this.members) socket.deliver({ kind: 'data', channel, message: news })
  }

  #close(socket: MemorySocket, channel: number, code: number, reason: string): void {
    this.#relay.objections.push(code)
    socket.leave(channel)
    socket.deliver({ kind: 'close', channel, code, reason })
  }
}

/** The device's end of an in-memory socket. Frames arrive one task later, as they would. */
export class MemorySocket implements SocketLike {
  readonly protocols: string[]
  readonly rooms = new Map<number, RoomDouble>()
  relay: RelayDouble | null = null
  /** Nothing more arrives at the device. */
  muted = false
  binaryType: BinaryType = 'blob'
  readyState = 0 as 0 | 1 | 2 | 3
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null

  constructor(protocols: string[]) {
    this.protocols = protocols
  }

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBufferLike>): void {
    if (!(data instanceof Uint8Array)) throw new TypeError('bytes only')
    const frame = decodeFrame(data)
    if (frame === null) throw new Error('no frame')
    setImmediate(() => this.relay?.sockets.has(this) && this.relay.receive(this, frame))
  }

  deliver(frame: Frame): void {
    const bytes = encodeFrame(frame)
    setImmediate(() => {
      if (this.readyState !== 1 || this.relay?.network === 'deaf' || this.muted) return
      this.onmessage?.(new MessageEvent('message', { data: bytes.buffer }))
    })
  }

  leave(channel: number): void {
    this.rooms.get(channel)?.members.delete(this)
    this.rooms.delete(channel)
  }

  close(): void {
    this.drop(1000)
  }

  /** The socket ends on both sides. */
  drop(code: number): void {
    if (this.readyState === 3) return
    this.readyState = 3
    for (const channel of [...this.rooms.keys()]) this.leave(channel)
    this.relay?.sockets.delete(this)
    this.onclose?.(new CloseEvent('close', { code }))
  }
}

function syncMessage(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, 0)
  write(encoder)
  return encoding.toUint8Array(encoder)
}
