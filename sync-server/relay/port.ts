import type { Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import type { AppendResult, Asker, Erasure, NewEntry } from '#server/store/port.ts'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** Who speaks on a socket, found out before anything is read from it. */
export interface Caller {
  principal: Principal
  asker: Asker
  /** For agents: the session, so that its end ends the socket. */
  session: string | null
  name: string
  avatar: string | null
}

/**
 * Finds out who opens a socket. A refusal carries the close code: the relay accepts the socket and closes it with that
 * code, since a refusal at the upgrade shows as 1006 in browsers and is retried for ever.
 */
export type Authenticate = (
  request: IncomingMessage,
) => Promise<{ ok: true; caller: Caller } | { ok: false; code: number; reason: string }>

/** Where the relay tells what went wrong on its own side; pino has this shape. Attackers' noise is not logged. */
export interface Log {
  warn(what: object, message: string): void
  error(what: object, message: string): void
}

/** One connection in a room: a socket of its own, or a channel of a multiplexed one. Rooms know nothing of `ws`. */
export interface Peer {
  /** Sends one y-websocket message. */
  send(message: Uint8Array): void
  /** Ends the connection, with a code of `CloseCode` and one line that says why. Nothing may be sent after it. */
  close(code: number, reason: string): void
}

/** What the relay uses of a socket: a part of what `ws` gives, so that tests can hand in sockets of their own. */
export type RelaySocket = Pick<
  WebSocket,
  'readyState' | 'OPEN' | 'CLOSED' | 'bufferedAmount' | 'isPaused' | 'close' | 'terminate' | 'pause' | 'resume'
> & {
  send(bytes: Uint8Array, sent: () => void): void
  ping(): void
  on(event: 'message', listener: (data: Buffer, binary: boolean) => void): unknown
  on(event: 'pong' | 'close', listener: () => void): unknown
  once(event: 'close', listener: () => void): unknown
}

/** A socket whose caller is known. */
export interface Accepted {
  socket: RelaySocket
  caller: Caller
  /** Null on the multiplexed path. */
  room: string | null
}

/** The relay, as the server's other rooms use it. */
export interface Relay {
  /** Takes over an HTTP upgrade to `/sync` or `/sync/<room>`; false if the path is another one. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Takes over an open socket whose caller is known; `room` is null for the multiplexed path. */
  accept(accepted: Accepted): void
  /**
   * Appends entries on the server's behalf (mail results, bots, automation) and tells the room, under SERVER_CLIENT.
   * Repeating it with the same ids changes nothing (`known`).
   */
  append(room: Room, principal: Principal, entries: Pick<NewEntry, 'id' | 'text' | 'entry'>[]): Promise<AppendResult>
  /**
   * Erases an entry (Store.erase) and closes everybody in its room with 4409, so that every copy is given up at once.
   */
  erase(room: Room, entry: string): Promise<Erasure>
  /** Stops taking updates, stores what is queued, closes every socket with 4503. */
  close(): Promise<void>
}
