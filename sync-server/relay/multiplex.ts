import { isUlid, type Principal } from '#conversation/ids.ts'
import type { FeedRow } from '#conversation/rows.ts'
import { CloseCode, decodeFrame, encodeFrame, type Frame } from '#conversation/wire.ts'
import { Channel } from './channel.ts'
import type { Connection, Protocol } from './connection.ts'
import type { Feed } from './feed.ts'
import { MAX_ROOMS } from './limits.ts'
import { QUIET_MESSAGE } from './message.ts'
import type { Log } from './port.ts'
import { audienceOf } from './presence.ts'
import type { Rooms } from './rooms.ts'

/** `/sync`: many rooms over one socket, in the frames of src/conversation/wire.ts. */
export class Multiplex implements Protocol {
  readonly #connection: Connection
  readonly #rooms: Rooms
  readonly #feed: Feed
  readonly #log: Log
  readonly #channels = new Map<number, Channel>()

  constructor(connection: Connection, rooms: Rooms, feed: Feed, log: Log) {
    this.#connection = connection
    this.#rooms = rooms
    this.#feed = feed
    this.#log = log
  }

  receive(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes)
    if (frame === null) return this.#connection.close(CloseCode.Malformed, 'not a frame')
    switch (frame.kind) {
      case 'open':
        return this.#open(frame.channel, frame.room)
      case 'data':
        // A channel that the relay has just closed may still be spoken to.
        return this.#channels.get(frame.channel)?.receive(frame.message)
      case 'close':
        this.#channels.get(frame.channel)?.end()
        this.#channels.delete(frame.channel)
        return
      case 'ping':
        return this.#connection.send(encodeFrame({ kind: 'pong' }))
      case 'follow':
        return this.#follow(frame.cursor)
      case 'seen':
        return void this.#seen(frame)
      default:
        return this.#connection.close(CloseCode.Malformed, `${frame.kind} is not for devices to send`)
    }
  }

  end(): void {
    this.#feed.end()
    for (const channel of this.#channels.values()) channel.end()
    this.#channels.clear()
  }

  news(rows: FeedRow[], only: Principal | undefined): void {
    this.#feed.news(rows, only)
  }

  accessChanged(): void {
    this.#feed.news([], undefined)
  }

  #open(number: number, room: string): void {
    if (number === 0 || this.#channels.has(number)) {
      return this.#connection.close(CloseCode.Malformed, `channel ${number} is taken`)
    }
    const audience = audienceOf(this.#connection.caller.principal)
    if (this.#channels.size >= MAX_ROOMS[audience]) {
      const reason = `more than ${MAX_ROOMS[audience]} rooms`
      return this.#connection.send(encodeFrame({ kind: 'close', channel: number, code: CloseCode.Abuse, reason }))
    }
    const channel = this.#channel(number, room)
    this.#channels.set(number, channel)
    channel.open()
  }

  #channel(number: number, room: string): Channel {
    let opened = false
    const channel: Channel = new Channel(this.#connection, this.#rooms, room, {
      send: (message) => {
        // The device feeds its provider's watchdog itself; many rooms on a quiet socket must cost nothing.
        if (message === QUIET_MESSAGE) return
        this.#connection.send(encodeFrame({ kind: opened ? 'data' : 'opened', channel: number, message }))
        opened = true
      },
      close: (code, reason) => {
        if (this.#channels.get(number) === channel) this.#channels.delete(number)
        this.#connection.send(encodeFrame({ kind: 'close', channel: number, code, reason }))
      },
    })
    return channel
  }

  #follow(cursor: number): void {
    if (this.#connection.caller.asker.role !== 'agent') {
      return this.#connection.close(CloseCode.Forbidden, 'the feed is for agents')
    }
    this.#feed.follow(cursor)
  }

  async #seen({ room, entry }: Extract<Frame, { kind: 'seen' }>): Promise<void> {
    if (!isUlid(entry)) return this.#connection.close(CloseCode.Malformed, 'not an entry id')
    this.#connection.hold(0)
    try {
      // Not theirs to read, or no such room: there is nobody to tell, and nothing moves.
      await this.#rooms.get(room)?.seen(this.#connection, entry)
    } catch (error) {
      this.#log.error({ room, error: String(error) }, 'a read marker was not stored')
      this.#connection.close(CloseCode.TryAgain, 'try again')
    } finally {
      this.#connection.release(0)
    }
  }
}
