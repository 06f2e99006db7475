import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import type { Ready } from './servers/serve.ts'
import type { Chair } from './talk.ts'

/** How one of the servers is spoken to. What is said, and when, is the same for all. */
export interface Contender {
  title: string
  /** The file in servers/. */
  server: string
  /** Whether it reads what it passes on: who does not can answer no sync step 1. */
  reads: boolean
  open(chair: Chair, ready: Ready): { path: string; protocols: string[]; headers: Record<string, string> }
  /** What a device says first; null: nothing. */
  hello(room: string): Uint8Array | null
  /** A y-websocket message as this server wants it. */
  wrap(room: string, message: Uint8Array): Uint8Array
  /** The y-websocket message in what came; null: it is about something else. */
  unwrap(bytes: Uint8Array): Uint8Array | null
}

const asItIs = {
  hello: () => null,
  wrap: (_room: string, message: Uint8Array) => message,
  unwrap: (bytes: Uint8Array) => bytes,
}
const openly = ({ room }: Chair) => ({ path: `/${room}`, protocols: [], headers: {} })

export const parley: Contender = {
  ...asItIs,
  title: 'Parley',
  server: 'parley',
  reads: true,
  open({ room, visitor, agent }, { tokens = [], cookies = [] }) {
    const path = `/sync/${room}`
    if (visitor !== null) return { path, protocols: ['parley', `token.${tokens[visitor]}`], headers: {} }
    return { path, protocols: [], headers: { cookie: cookies[agent ?? 0] ?? '', origin: 'http://127.0.0.1' } }
  },
}

export const bare: Contender = { ...asItIs, title: 'bare `ws` broadcast', server: 'bare', reads: false, open: openly }

export const yWebsocket: Contender = {
  ...asItIs,
  title: 'y-websocket 2.1',
  server: 'y-websocket',
  reads: true,
  open: openly,
}

/** Hocuspocus puts the document's name before each message, and hears nothing before it was told a token. */
export const hocuspocus: Contender = {
  title: 'Hocuspocus 4 + SQLite',
  server: 'hocuspocus',
  reads: true,
  open: openly,
  hello: (room) => prefixed(room, Uint8Array.of(2, 0, 0)),
  wrap: prefixed,
  unwrap(bytes) {
    const decoder = decoding.createDecoder(bytes)
    decoding.readVarString(decoder)
    const message = decoding.readTailAsUint8Array(decoder)
    // 0 is sync; the others are answers of its own, such as that an update was taken.
    return message[0] === 0 ? message : null
  },
}

export const CONTENDERS: readonly Contender[] = [parley, bare, yWebsocket, hocuspocus]

function prefixed(room: string, message: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, room)
  encoding.writeUint8Array(encoder, message)
  return encoding.toUint8Array(encoder)
}
