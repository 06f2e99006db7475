import type { Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import type { AppendResult, Asker, NewEntry } from '#server/store/port.ts'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

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

/** The relay, as the server's other rooms use it. */
export interface Relay {
  /** Takes over an HTTP upgrade to `/sync` or `/sync/<room>`; false if the path is another one. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /**
   * Appends entries on the server's behalf (mail results, bots, automation) and tells the room, under SERVER_CLIENT.
   * Repeating it with the same ids changes nothing (`known`).
   */
  append(room: Room, principal: Principal, entries: Pick<NewEntry, 'id' | 'text' | 'entry'>[]): Promise<AppendResult>
  /** Stops taking updates, stores what is queued, closes every socket with 4503. */
  close(): Promise<void>
}
