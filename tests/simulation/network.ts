import { EventEmitter } from 'node:events'
import type { SocketConstructor } from '#sync/environment.ts'
import type { Random } from './random.ts'

/**
 * WebSockets in memory. Each direction is a pipe that delivers in order and late; a pipe that is cut holds what is sent
 * (as TCP does) until the link is mended, or the connection breaks and what was under way is lost.
 */

type Direction = 'up' | 'down'

/** The network of one browser: what goes up and what comes down may be cut apart. */
export class Link {
  readonly cut: Record<Direction, boolean> = { up: false, down: false }
  readonly connections = new Set<Pair>()
  /** Everything that ever came down, for looking into what a visitor was sent. */
  readonly received: Uint8Array[] = []
  /** Everything that ever went up, for those who overhear it. */
  readonly sent: Uint8Array[] = []

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
    if (direction === 'up' && bytes !== null) this.#link.sent.push(bytes.slice())
    const pipe = this.#pipes[direction]
    const delay = this.#random.chance(0.05) ? 400 : this.#random.below(30)
    const due = Math.max(Date.now() + delay, pipe.at(-1)?.due ?? 0)
    pipe.push({ bytes: bytes === null ? null : bytes.slice(), code, reason, due })
    setTimeout(() => this.pump(), due - Date.now())
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

/** The end that the relay holds: the part of `ws` that it uses. */
export class ServerEnd extends EventEmitter {
  readonly OPEN = 1 as const
  readonly CLOSED = 3 as const
  readonly bufferedAmount = 0
  readonly isPaused = false
  readyState: 1 | 2 | 3 = 1
  readonly #pair: Pair

  constructor(pair: Pair) {
    super()
    this.#pair = pair
  }

  send(bytes: Uint8Array, done?: () => void): void {
    this.#pair.send('down', bytes)
    done?.()
  }

  close(code: number, reason: string): void {
    if (this.readyState !== this.OPEN) return
    this.readyState = 2
    this.#pair.send('down', null, code, reason)
  }

  terminate(): void {
    this.#pair.break()
  }

  ping(): void {
    this.emit('pong')
  }

  pause(): void {}

  resume(): void {}
}

/** The end that the device holds: a browser's WebSocket, as far as the device uses it. */
export class ClientEnd {
  binaryType: BinaryType = 'arraybuffer'
  readyState = 0
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  pair: Pair | null = null

  open(): void {
    if (this.readyState !== 0) return
    this.readyState = 1
    this.onopen?.(new Event('open'))
  }

  take(bytes: Uint8Array): void {
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    if (this.readyState === 1) this.onmessage?.(new MessageEvent('message', { data }))
  }

  end(code: number, reason: string): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.onclose?.(new CloseEvent('close', { code, reason }))
  }

  send(bytes: Uint8Array): void {
    if (this.readyState === 1) this.pair?.send('up', bytes)
  }

  close(): void {
    if (this.readyState >= 2) return
    this.readyState = 2
    // A browser closes with a handshake; across a cut link neither side would hear of it.
    setTimeout(() => (this.pair === null ? this.end(1000, '') : this.pair.break()), 1)
  }
}

/**
 * The WebSocket class of one browser.
 *
 * @param accept hands the server's end to the relay; false: nobody listens there
 */
export function webSocketOver(link: Link, random: Random, accept: (server: ServerEnd) => boolean): SocketConstructor {
  return class extends ClientEnd {
    constructor() {
      super()
      setTimeout(() => this.#connect(), 1 + random.below(20))
    }

    #connect(): void {
      if (this.readyState !== 0) return this.end(1006, '')
      if (link.cut.up || link.cut.down) return this.end(1006, '')
      this.pair = new Pair(link, random, this)
      this.open()
      if (!accept(this.pair.server)) this.pair.break()
    }
  } as SocketConstructor
}
