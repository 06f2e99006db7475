import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/**
 * The frames of the multiplexed socket, `wss://host/sync`: many rooms over one WebSocket.
 *
 *     frame   = channel:varUint kind:uint8 payload
 *     open    = room:varString                    device → relay: join a room on a channel that it picks (1 or more)
 *     opened  = message                           relay → device: joined; carries the relay's sync step 1
 *     data    = message                           both ways: one y-websocket message, to the end of the frame
 *     close   = code:varUint reason:varString     both ways: the channel is over (device → relay: 1000)
 *     ping    = (empty)                           device → relay, answered by pong; channel 0
 *     pong    = (empty)
 *     follow  = cursor:varUint                    device → relay: the feed since that version; channel 0
 *     rows    = json:varString                    relay → device: a FeedPage (rows.ts); channel 0
 *     seen    = room:varString entry:varString    device → relay: how far this principal has read; channel 0
 *
 * History of PROTOCOL: 1, the first.
 */
export const PROTOCOL = 1

export const FrameKind = {
  open: 0,
  opened: 1,
  data: 2,
  close: 3,
  ping: 4,
  pong: 5,
  follow: 6,
  rows: 7,
  seen: 8,
} as const

export type Frame =
  | { kind: 'open'; channel: number; room: string }
  | { kind: 'opened'; channel: number; message: Uint8Array }
  | { kind: 'data'; channel: number; message: Uint8Array }
  | { kind: 'close'; channel: number; code: number; reason: string }
  | { kind: 'ping' | 'pong' }
  | { kind: 'follow'; cursor: number }
  | { kind: 'rows'; json: string }
  | { kind: 'seen'; room: string; entry: string }

/** Encodes one frame of the multiplexed socket. */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, 'channel' in frame ? frame.channel : 0)
  encoding.writeUint8(encoder, FrameKind[frame.kind])
  switch (frame.kind) {
    case 'open':
      encoding.writeVarString(encoder, frame.room)
      break
    case 'opened':
    case 'data':
      encoding.writeUint8Array(encoder, frame.message)
      break
    case 'close':
      encoding.writeVarUint(encoder, frame.code)
      encoding.writeVarString(encoder, frame.reason)
      break
    case 'follow':
      encoding.writeVarUint(encoder, frame.cursor)
      break
    case 'rows':
      encoding.writeVarString(encoder, frame.json)
      break
    case 'seen':
      encoding.writeVarString(encoder, frame.room)
      encoding.writeVarString(encoder, frame.entry)
      break
    case 'ping':
    case 'pong':
      break
  }
  return encoding.toUint8Array(encoder)
}

/** Decodes one frame; null if the bytes are not exactly one frame that this build knows. Never throws. */
export function decodeFrame(bytes: Uint8Array): Frame | null {
  const decoder = decoding.createDecoder(bytes)
  try {
    const frame = readFrame(decoder)
    // lib0 does not mind bytes left over; a frame is read to its end or it is no frame.
    return frame !== null && !decoding.hasContent(decoder) ? frame : null
  } catch {
    return null
  }
}

function readFrame(decoder: decoding.Decoder): Frame | null {
  const channel = decoding.readVarUint(decoder)
  const kind = decoding.readUint8(decoder)
  switch (kind) {
    case FrameKind.open:
      return { kind: 'open', channel, room: decoding.readVarString(decoder) }
    case FrameKind.opened:
      return { kind: 'opened', channel, message: decoding.readTailAsUint8Array(decoder) }
    case FrameKind.data:
      return { kind: 'data', channel, message: decoding.readTailAsUint8Array(decoder) }
    case FrameKind.close:
      return {
        kind: 'close',
        channel,
        code: decoding.readVarUint(decoder),
        reason: decoding.readVarString(decoder),
      }
    case FrameKind.ping:
      return { kind: 'ping' }
    case FrameKind.pong:
      return { kind: 'pong' }
    case FrameKind.follow:
      return { kind: 'follow', cursor: decoding.readVarUint(decoder) }
    case FrameKind.rows:
      return { kind: 'rows', json: decoding.readVarString(decoder) }
    case FrameKind.seen:
      return { kind: 'seen', room: decoding.readVarString(decoder), entry: decoding.readVarString(decoder) }
    default:
      return null
  }
}

/**
 * Why a room or a socket was closed. y-websocket takes 4400 to 4499 as final and retries the others.
 */
export const CloseCode = {
  Malformed: 4400,
  NotSignedIn: 4401,
  Forbidden: 4403,
  NoSuchRoom: 4404,
  StaleDocument: 4409,
  TooLarge: 4413,
  /** The reason starts with the entry's id. */
  RefusedEntry: 4422,
  Abuse: 4429,
  /** Draining, overloaded, or the store fails: try again, with jitter. */
  TryAgain: 4503,
} as const

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode]

/**
 * Yjs client ids at or above this are the relay's stamps: this plus an epoch of the document. A document has one for
 * each run of the store that stamped in it, since something was last erased from it. Devices use 32 bits.
 */
export const EPOCH_CLIENT = 2 ** 32
/** Entries that the server itself appends (mail results, automation) come from this Yjs client id. */
export const SERVER_CLIENT = 2
/** Yjs client ids below this are reserved: a device's are at least this. */
export const FIRST_DEVICE_CLIENT = 16
/** The awareness id under which the relay says how far everybody has read (`RelayPresence`). */
export const RELAY_CLIENT = 1

/** The names of the roots of a ledger document. */
export const ENTRIES = 'entries'
export const STAMPS = 'stamps'

/**
 * What a device puts into its awareness state in a joined room. The relay adds `user`; it drops every other key.
 */
export interface OwnPresence {
  /** Which of the two the agent or visitor is typing in. Only `reply` reaches a visitor. */
  typing: 'reply' | 'comment' | null
  /** The last entry of this document on the screen of somebody who looks at it. */
  seen: string | null
}

/** What a device gets to know of another one in the room. For visitors, `seen` is left out. */
export interface PeerPresence extends Partial<OwnPresence> {
  /** Set by the relay. A visitor is told `principal` of agents too, and name and avatar, and no more. */
  user: { principal: string; name: string; avatar: string | null }
}

/** The relay's own awareness state, under RELAY_CLIENT: read markers, furthest per principal. */
export interface RelayPresence {
  /** For agents: every principal's furthest entry. For a visitor: only `team`, the furthest of any agent. */
  seen: Record<string, string>
}
