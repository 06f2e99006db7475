import { WebSocket } from 'ws'
import { readMessage, step1, step2, EMPTY_UPDATE } from '#server/relay/message.ts'
import { recogniseUpdate } from '#server/relay/recognise.ts'
import type { Contender } from './contenders.ts'
import type { Ready } from './servers/serve.ts'
import type { Chair } from './talk.ts'

export interface SeatOptions {
  contender: Contender
  ready: Ready
  chair: Chair
  /** What the device has; empty if left out. */
  vector?: ReadonlyMap<number, number>
  /** An entry came. */
  heard?(id: string, text: string): void
  /** It was closed from the other side, or something came that should not have. */
  failed(why: string): void
}

/** A raw socket in a room, which checks what comes and holds no document. */
export class Seat {
  readonly #options: SeatOptions
  readonly #socket: WebSocket
  readonly #joined = Promise.withResolvers<void>()
  /** Ids in the order of their stamps, where there are stamps. */
  readonly stamps: string[] = []
  /** What a device would now have: the next clock of each Yjs client. */
  readonly vector = new Map<number, number>()
  /** How many updates and bytes of them, and how many entries, came. */
  frames = 0
  bytes = 0
  entries = 0
  #waiting: { entries: number; resolve(): void } | null = null
  #left = false

  constructor(options: SeatOptions) {
    this.#options = options
    const { contender, ready, chair } = options
    const { path, protocols, headers } = contender.open(chair, ready)
    this.#socket = new WebSocket(`ws://127.0.0.1:${ready.port}${path}`, protocols, {
      headers,
      perMessageDeflate: false,
    })
    this.#socket.on('open', () => this.#hello())
    this.#socket.on('message', (data: Buffer) => this.#take(data))
    this.#socket.on('close', (code, reason) => this.#fail(`closed with ${code} ${reason.toString()}`))
    this.#socket.on('error', (error) => this.#fail(error.message))
  }

  /** Resolves with the first sync step 2. */
  get joined(): Promise<void> {
    return this.#joined.promise
  }

  /** Resolves when so many entries came, of others or its own. */
  async hears(entries: number): Promise<void> {
    if (this.entries < entries) await new Promise<void>((resolve) => (this.#waiting = { entries, resolve }))
  }

  say(message: Uint8Array): void {
    this.#socket.send(this.#options.contender.wrap(this.#options.chair.room, message))
  }

  async leave(): Promise<void> {
    this.#left = true
    if (this.#socket.readyState === WebSocket.CLOSED) return
    const gone = new Promise((resolve) => this.#socket.once('close', resolve))
    this.#socket.close()
    await gone
  }

  #hello(): void {
    const { contender, chair, vector = new Map() } = this.#options
    const hello = contender.hello(chair.room)
    if (hello !== null) this.#socket.send(hello)
    if (contender.reads) this.say(step1(vector))
  }

  #take(data: Buffer): void {
    const bytes = this.#options.contender.unwrap(new Uint8Array(data.buffer, data.byteOffset, data.length))
    if (bytes === null) return
    const message = readMessage(bytes)
    if (message === null) return this.#fail('something that is no message')
    // Whatever it is asked for, all that it says it says by itself.
    if (message.type === 'vector') return this.say(step2(EMPTY_UPDATE))
    if (message.type !== 'update') return
    this.frames++
    this.bytes += message.update.length
    this.#hear(message.update)
    // The first byte of a sync message says that it is one, the second which: 1 is step 2.
    if (bytes[1] === 1) this.#joined.resolve()
  }

  #hear(bytes: Uint8Array): void {
    const found = recogniseUpdate(bytes)
    if (!found.ok) return this.#fail(`an update with ${found.reason}`)
    for (const { client, clock, pairs } of found.stamps) {
      for (const [id] of pairs) this.stamps.push(id)
      this.#follow(client, clock, pairs.length)
    }
    for (const { client, clock, entries } of found.runs) {
      for (const { id, text } of entries) this.#options.heard?.(id, text)
      this.entries += entries.length
      this.#follow(client, clock, entries.length)
    }
    if (this.#waiting !== null && this.entries >= this.#waiting.entries) this.#waiting.resolve()
  }

  /** Nothing may be missing, and nothing come twice. */
  #follow(client: number, clock: number, count: number): void {
    const next = this.vector.get(client) ?? this.#options.vector?.get(client) ?? 0
    // Who reads nothing sends nobody what was said before they came.
    if (this.#options.contender.reads && clock !== next) {
      this.#fail(`clock ${clock} of client ${client} where ${next} was next`)
    }
    this.vector.set(client, clock + count)
  }

  #fail(why: string): void {
    if (this.#left) return
    const { contender, chair, failed } = this.#options
    const error = `${contender.title}, ${chair.room}: ${why}`
    this.#joined.reject(new Error(error))
    failed(error)
  }
}
