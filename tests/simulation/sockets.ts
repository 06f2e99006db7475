import { EventEmitter } from 'node:events'
import type { Pair } from './network.ts'

/** The two ends of a WebSocket in memory. */

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

  /** Its process is gone. The machine says so for it, after what was sent. */
  kill(): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.onopen = this.onmessage = this.onclose = this.onerror = null
    this.pair?.send('up', null, 1006)
  }

  close(): void {
    if (this.readyState >= 2) return
    this.readyState = 2
    // A browser closes with a handshake; across a cut link neither side would hear of it.
    setTimeout(() => (this.pair === null ? this.end(1000, '') : this.pair.break()), 1)
  }
}
