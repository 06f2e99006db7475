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
    this.#waiting.push(bytes)
    this.#connection.hold(bytes.length)
    void this.#drain()
  }

  /** The device has left, or its socket is gone. */
  end(): void {
    if (this.#state !== 'over') this.#end()
  }

  #handle: (bytes: Uint8Array) => Promise<void> = () => Promise.resolve()

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
