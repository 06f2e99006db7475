import { decodeFrame, type Frame } from '#conversation/wire.ts'
import type { SocketConstructor } from '#sync/environment.ts'
import type { Life } from './life.ts'
import type { Random } from './random.ts'
import { ClientEnd, ServerEnd } from './sockets.ts'

/**
 * WebSockets in memory. Each direction is a pipe that delivers late; a pipe that is cut holds what is sent (as TCP does)
 * until the link is mended, or the connection breaks and what was under way is lost. TCP neither doubles nor reorders,
 * but whoever speaks WebSocket in the middle may: of a device's data frames some arrive twice, and some overtake each
 * other. Down to the device only doubling is played: a device may rely on its relay's order.
 */

type Direction = 'up' | 'down'

/** The network of one browser: what goes up and what comes down may be cut apart. */
export class Link {
  readonly cut: Record<Direction, boolean> = { up: false, down: false }
  readonly connections = new Set<Pair>()
  /** Everything that ever came down, for looking into what a visitor was sent. */
  readonly received: Uint8Array[] = []
  /** Every message that ever went up, for those who overhear it. */
  readonly sent: Overheard[] = []
  /** What was done to frames on their way. */
  readonly played = { doubled: 0, overtaken: 0 }

  /** Cuts or mends; a mended link delivers what it held. */
  set(up: boolean, down: boolean): void {
    this.cut.up = up
    this.cut.down = down
    for (const pair of this.connections) pair.pump()
  }

  /** Breaks every connection: what is under way is lost. */
  break(): void {
    for (const pair of [...this.connections]) pair.break()
  }
}

/** A y-websocket message, and the room that it was for. */
export interface Overheard {
  room: string
  message: Uint8Array
}

interface Sent {
  bytes: Uint8Array | null
  code: number
  reason: string
  due: number
}

/** One connection, with its two ends. */
export class Pair {
  readonly client: ClientEnd
  readonly server: ServerEnd
  readonly #link: Link
  readonly #random: Random
  readonly #pipes: Record<Direction, Sent[]> = { up: [], down: [] }
  readonly #rooms = new Map<number, string>()
  #over = false

  constructor(link: Link, random: Random, client: ClientEnd) {
    this.#link = link
    this.#random = random
    this.client = client
    this.server = new ServerEnd(this)
    link.connections.add(this)
  }

  send(direction: Direction, bytes: Uint8Array | null, code = 1005, reason = ''): void {
    if (this.#over) return
    const frame = bytes === null ? null : decodeFrame(bytes)
    if (direction === 'up' && frame !== null) this.#overhear(frame)
    const pipe = this.#pipes[direction]
    const delay = this.#random.chance(0.05) ? 400 : this.#random.below(30)
    const due = Math.max(Date.now() + delay, pipe.at(-1)?.due ?? 0)
    pipe.push({ bytes: bytes === null ? null : bytes.slice(), code, reason, due })
    setTimeout(() => this.pump(), due - Date.now())
    if (bytes === null || frame?.kind !== 'data') return
    if (direction === 'up' && this.#random.chance(0.05)) this.#overtake(pipe)
    if (this.#random.chance(0.03)) this.#double(direction, bytes.slice())
  }

  #overhear(frame: Frame): void {
    if (frame.kind === 'open') this.#rooms.set(frame.channel, frame.room)
    if (frame.kind !== 'data') return
    this.#link.sent.push({ room: this.#rooms.get(frame.channel) ?? '', message: frame.message.slice() })
  }

  /** The last data frame goes before the one that was sent before it. */
  #overtake(pipe: Sent[]): void {
    const [before, last] = pipe.slice(-2)
    if (before?.bytes == null || last?.bytes == null || decodeFrame(before.bytes)?.kind !== 'data') return
    const { bytes } = before
    before.bytes = last.bytes
    last.bytes = bytes
    this.#link.played.overtaken++
  }

  /** The same frame once more, at once or behind others. */
  #double(direction: Direction, bytes: Uint8Array): void {
    this.#link.played.doubled++
    setTimeout(() => {
      if (this.#over) return
      this.#pipes[direction].push({ bytes, code: 0, reason: '', due: Date.now() })
      this.pump()
    }, this.#random.below(200))
  }

  pump(): void {
    for (const direction of ['up', 'down'] as const) {
      const pipe = this.#pipes[direction]
      while (!this.#over && !this.#link.cut[direction] && pipe[0] !== undefined && pipe[0].due <= Date.now()) {
        const sent = pipe.shift()
        if (sent !== undefined) this.#deliver(direction, sent)
      }
    }
  }

  /** The connection is gone for both, each of which learns of it. */
  break(): void {
    this.#end(1006, '')
  }

  #deliver(direction: Direction, { bytes, code, reason }: Sent): void {
    if (bytes === null) return this.#end(code, reason)
    if (direction === 'up') this.server.emit('message', Buffer.from(bytes), true)
    else {
      this.#link.received.push(bytes)
      this.client.take(bytes)
    }
  }

  #end(code: number, reason: string): void {
    if (this.#over) return
    this.#over = true
    this.#link.connections.delete(this)
    this.server.readyState = this.server.CLOSED
    this.server.emit('close')
    this.client.end(code, reason)
  }
}

/**
 * The WebSocket class of one tab.
 *
 * @param accept hands the server's end to the relay; false: nobody listens there
 */
export function webSocketOver({ link, random, life, accept }: Dialling): SocketConstructor {
  return class extends ClientEnd {
    constructor() {
      super()
      life.onKill(() => this.kill())
      setTimeout(() => this.#connect(), 1 + random.below(20))
    }

    override take(bytes: Uint8Array): void {
      life.run(() => super.take(bytes))
    }

    override end(code: number, reason: string): void {
      life.run(() => super.end(code, reason))
    }

    #connect(): void {
      if (this.readyState !== 0) return this.end(1006, '')
      if (link.cut.up || link.cut.down) return this.end(1006, '')
      this.pair = new Pair(link, random, this)
      life.run(() => this.open())
      if (!accept(this.pair.server)) this.pair.break()
    }
  } as SocketConstructor
}

interface Dialling {
  link: Link
  random: Random
  life: Life
  accept(server: ServerEnd): boolean
}
