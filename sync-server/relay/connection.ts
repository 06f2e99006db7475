import type { Principal } from '#conversation/ids.ts'
import type { FeedRow } from '#conversation/rows.ts'
import { CloseCode } from '#conversation/wire.ts'
import { MAX_WAITING, READ_RATE, WRITE_LIMIT, WRITE_PAUSE } from './limits.ts'
import type { Speaker } from './members.ts'
import { audienceOf, type Audience } from './presence.ts'
import type { Caller, RelaySocket } from './port.ts'

/** What is spoken on a connection: plain or multiplexed. */
export interface Protocol {
  /** One binary message; must not throw. */
  receive(bytes: Uint8Array): void
  /** The socket is gone. */
  end(): void
  /** Rows of the feed changed; `only`: they are that principal's own. */
  news(rows: FeedRow[], only: Principal | undefined): void
  /** What this caller may reach has changed, and the connection's `caller` says how. */
  accessChanged(): void
}

/**
 * One socket and its bounds: how fast it is read, how much of it may wait, and how much may wait for it. Ordinary
 * limits stop reading for a while, so that TCP slows the device down; nothing is lost and nothing is closed.
 */
export class Connection implements Speaker {
  caller: Caller
  readonly #socket: RelaySocket
  readonly #now: () => number
  readonly #rate: (typeof READ_RATE)[Audience]
  #waiting = { frames: 0, bytes: 0 }
  #budget: { frames: number; bytes: number; at: number }
  #timer: ReturnType<typeof setTimeout> | null = null
  #written: PromiseWithResolvers<void> | null = null
  #alive = true
  /** Whether the device has read anything since the last ping. */
  #reads = true
  #deaf = false

  constructor(socket: RelaySocket, caller: Caller, now: () => number) {
    this.#socket = socket
    this.caller = caller
    this.#now = now
    this.#rate = READ_RATE[audienceOf(caller.principal)]
    this.#budget = { frames: this.#rate.frames, bytes: this.#rate.bytes, at: now() }
  }

  /** Starts reading. */
  speak(protocol: Protocol, ended: () => void): void {
    this.#socket.on('message', (data, binary) => {
      if (!binary) return this.close(CloseCode.Malformed, 'text frames are not spoken here')
      if (this.#deaf || this.#socket.readyState !== this.#socket.OPEN) return
      this.#charge(data.length)
      protocol.receive(new Uint8Array(data.buffer, data.byteOffset, data.length))
    })
    this.#socket.on('pong', () => (this.#alive = true))
    this.#socket.on('close', () => {
      if (this.#timer !== null) clearTimeout(this.#timer)
      this.#wrote()
      protocol.end()
      ended()
    })
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(bytes, this.#sent)
    if (this.#socket.bufferedAmount > WRITE_LIMIT) this.close(CloseCode.TryAgain, 'reading too slowly')
  }

  /** One function for all that is sent: most of what the relay does is sending. */
  readonly #sent = (): void => {
    this.#reads = true
    this.#wrote()
  }

  /** Whether the device has read most of what was sent. */
  get isWritable(): boolean {
    return this.#socket.bufferedAmount < WRITE_PAUSE
  }

  /** Resolves when the device has read most of what was sent. Nothing is answered before. */
  async writable(): Promise<void> {
    while (this.#socket.readyState === this.#socket.OPEN && !this.isWritable) {
      this.#written ??= Promise.withResolvers<void>()
      await this.#written.promise
    }
  }

  close(code: number, reason: string): void {
    // A close frame holds at most 123 bytes of reason (RFC 6455, 5.5).
    this.#socket.close(code, cut(reason, 123))
    // What it would still say does not matter; without this it would wait for the budget first.
    this.#socket.resume()
  }

  /** Takes no more messages: the relay is about to close. */
  deafen(): void {
    this.#deaf = true
  }

  /** Closes, and resolves when the socket is gone; a device that does not answer is given a second. */
  async end(code: number, reason: string): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#socket.once('close', resolve))
    if (this.#socket.readyState === this.#socket.CLOSED) return
    this.close(code, reason)
    const timer = setTimeout(() => this.#socket.terminate(), 1000)
    await gone
    clearTimeout(timer)
  }

  /** Ends the socket if the last ping was never answered, or nothing read since: the device is gone. */
  ping(): void {
    const stuck = !this.isWritable && !this.#reads
    this.#reads = false
    if (stuck) return this.#socket.terminate()
    // A socket that is not read from cannot be heard to answer.
    if (this.#socket.isPaused) return
    if (!this.#alive) return this.#socket.terminate()
    this.#alive = false
    this.#socket.ping()
  }

  /** So many bytes wait to be handled; `release` says that they were. */
  hold(bytes: number): void {
    this.#waiting.frames++
    this.#waiting.bytes += bytes
    this.#throttle()
  }

  release(bytes: number): void {
    this.#waiting.frames--
    this.#waiting.bytes -= bytes
    this.#throttle()
  }

  #wrote(): void {
    if (this.#written === null || (this.#socket.readyState === this.#socket.OPEN && !this.isWritable)) return
    this.#written.resolve()
    this.#written = null
  }

  #charge(bytes: number): void {
    this.#refill()
    this.#budget.frames--
    this.#budget.bytes -= bytes
    this.#throttle()
  }

  #refill(): void {
    const { frames, bytes, framesPerSecond, bytesPerSecond } = this.#rate
    const now = this.#now()
    const seconds = Math.max(0, now - this.#budget.at) / 1000
    this.#budget = {
      frames: Math.min(frames, this.#budget.frames + seconds * framesPerSecond),
      bytes: Math.min(bytes, this.#budget.bytes + seconds * bytesPerSecond),
      at: now,
    }
  }

  /** Stops reading while too much waits, or until the budget is made up for. */
  #throttle(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    const { frames, bytes } = this.#budget
    const seconds = Math.max(-frames / this.#rate.framesPerSecond, -bytes / this.#rate.bytesPerSecond)
    if (seconds > 0) {
      this.#timer ??= setTimeout(
        () => {
          this.#timer = null
          this.#refill()
          this.#throttle()
        },
        Math.ceil(seconds * 1000),
      )
    }
    const full = this.#waiting.frames >= MAX_WAITING.frames || this.#waiting.bytes >= MAX_WAITING.bytes
    // Most messages change nothing: neither call is free.
    const pause = full || this.#timer !== null
    if (pause === this.#socket.isPaused) return
    if (pause) this.#socket.pause()
    else this.#socket.resume()
  }
}

function cut(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text)
  if (encoded.length <= bytes) return text
  // A letter cut in half would decode to a replacement sign.
  return new TextDecoder().decode(encoded.subarray(0, bytes)).replace(/\uFFFD+$/, '')
}
