import { CloseCode } from '#conversation/wire.ts'
import type { Connection } from './connection.ts'
import type { Peer } from './port.ts'
import type { Rooms } from './rooms.ts'

/**
 * One peer's way into a room: joins, then hands its messages over one after the other, each after the one before has
 * been handled. What comes meanwhile waits, and counts against the connection's bounds.
 */
export class Channel {
  readonly #connection: Connection
  readonly #rooms: Rooms
  readonly #name: string
  readonly #peer: Peer
  #waiting: Uint8Array[] = []
  #state: 'joining' | 'open' | 'over' = 'joining'
  #busy = false
  #leave: () => void = () => {}

  constructor(connection: Connection, rooms: Rooms, name: string, peer: Peer) {
    this.#connection = connection
    this.#rooms = rooms
    this.#name = name
    this.#peer = {
      send: (message) => {
        if (this.#state !== 'over') peer.send(message)
      },
      close: (code, reason) => {
        if (this.#state === 'over') return
        this.#end()
        peer.close(code, reason)
      },
    }
  }

  /** Joins the room and handles what comes. */
  open(): void {
    const room = this.#rooms.get(this.#name)
    if (room === null) return this.#peer.close(CloseCode.NoSuchRoom, 'no such room')
    void room.join(this.#peer, this.#connection).then((member) => {
      if (member === null) return
      if (this.#state === 'over') return room.leave(member)
      this.#state = 'open'
      this.#leave = () => room.leave(member)
      this.#handle = (bytes) => room.receive(member, bytes)
      void this.#drain()
    })
  }

  receive(bytes: Uint8Array): void {
    if (this.#state === 'over') return
    // Nearly always nothing is in the way, and what can be handled at once is: a promise for each message costs more
    // than most of them do.
    if (this.#state === 'open' && !this.#busy && this.#waiting.length === 0 && this.#connection.isWritable) {
      const pending = this.#handle(bytes)
      if (pending === null) return
      this.#connection.hold(bytes.length)
      void this.#goOn(pending, bytes)
      return
    }
    this.#waiting.push(bytes)
    this.#connection.hold(bytes.length)
    void this.#drain()
  }

  /** The device has left, or its socket is gone. */
  end(): void {
    if (this.#state !== 'over') this.#end()
  }

  /** Handles a message; null: it is done. */
  #handle: (bytes: Uint8Array) => Promise<void> | null = () => null

  /** Waits for one message to be handled, then handles those that came meanwhile. */
  async #goOn(pending: Promise<void>, bytes: Uint8Array): Promise<void> {
    this.#busy = true
    await pending
    this.#connection.release(bytes.length)
    this.#busy = false
    await this.#drain()
  }

  async #drain(): Promise<void> {
    if (this.#busy || this.#state !== 'open') return
    this.#busy = true
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#connection.writable()
      await this.#handle(next)
      this.#connection.release(next.length)
    }
    this.#busy = false
  }

  #end(): void {
    this.#state = 'over'
    this.#leave()
    for (const bytes of this.#waiting) this.#connection.release(bytes.length)
    this.#waiting = []
  }
}
