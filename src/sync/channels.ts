import type { Frame } from '#conversation/wire.ts'
import { callSafely } from '#sync/changes.ts'
import type { Channel } from '#sync/channel.ts'

/** y-websocket's message for "these people are there", of nobody: it counts as heard, and changes nothing. */
const NOTHING_NEW = Uint8Array.of(1, 1, 0)

/** The rooms of one connection by their channel numbers, over all its sockets. A number is never used twice. */
export class Channels {
  readonly #sendFrame: (frame: Frame) => boolean
  readonly #byNumber = new Map<number, Channel>()
  readonly #numbers = new WeakMap<Channel, number>()
  #last = 0

  /** @param sendFrame sends on the real socket; does nothing if there is none */
  constructor(sendFrame: (frame: Frame) => boolean) {
    this.#sendFrame = sendFrame
  }

  join(channel: Channel): void {
    const number = ++this.#last
    this.#byNumber.set(number, channel)
    this.#numbers.set(channel, number)
    this.#sendFrame({ kind: 'open', channel: number, room: channel.room })
  }

  leave(channel: Channel): void {
    const number = this.#numbers.get(channel)
    if (number === undefined || !this.#byNumber.delete(number)) return
    this.#sendFrame({ kind: 'close', channel: number, code: 1000, reason: '' })
  }

  send(channel: Channel, message: Uint8Array): void {
    const number = this.#numbers.get(channel)
    if (number !== undefined) this.#sendFrame({ kind: 'data', channel: number, message })
  }

  /** A frame for one of them; false if it is for none. */
  take(frame: Frame): boolean {
    if (frame.kind !== 'opened' && frame.kind !== 'data' && frame.kind !== 'close') return false
    // A channel that was just left may still be spoken to.
    const channel = this.#byNumber.get(frame.channel)
    if (frame.kind === 'opened') channel?.opened(frame.message)
    else if (frame.kind === 'data') channel?.data(frame.message)
    else {
      this.#byNumber.delete(frame.channel)
      channel?.ended(frame.code, frame.reason)
    }
    return true
  }

  /** A new socket is there: whoever waits is opened on it. */
  openAll(): void {
    for (const [channel, { room }] of this.#byNumber) this.#sendFrame({ kind: 'open', channel, room })
  }

  /** The socket is gone: open channels end with it; those that still wait go on waiting for the next one. */
  endOpen(): void {
    for (const [number, channel] of [...this.#byNumber]) {
      if (!channel.isOpen) continue
      this.#byNumber.delete(number)
      callSafely(() => channel.ended(1006, ''))
    }
  }

  /** The real socket lives: so does what the providers watch for 30 s of silence. */
  feedWatchdogs(): void {
    for (const channel of this.#byNumber.values()) if (channel.isOpen) callSafely(() => channel.data(NOTHING_NEW))
  }

  clear(): void {
    this.#byNumber.clear()
  }
}
