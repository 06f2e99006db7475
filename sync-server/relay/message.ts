import * as encoding from 'lib0/encoding'
import { Reader } from './bytes.ts'
import { Writer } from './writer.ts'

/**
 * The messages of y-websocket (https://github.com/yjs/y-websocket, y-protocols/PROTOCOL.md): one type byte, and for
 * sync another. Step 2 and update are one to us: bytes of a Yjs update.
 */

const SYNC = 0
const AWARENESS = 1
const QUERY_AWARENESS = 3
const STEP_1 = 0
const STEP_2 = 1
const UPDATE = 2

export type Message =
  | { type: 'vector'; vector: Uint8Array }
  | { type: 'update'; update: Uint8Array }
  | { type: 'awareness'; states: Uint8Array }
  | { type: 'query-awareness' }

/** An update that says nothing: no client blocks, no deletions. */
export const EMPTY_UPDATE = Uint8Array.of(0, 0)
/** The awareness message that says nothing: y-websocket's watchdog wants to hear something every 30 s. */
export const QUIET_MESSAGE = Uint8Array.of(AWARENESS, 1, 0)

/** Reads one message; null if the bytes are not exactly one that a device may send. Never throws. */
export function readMessage(bytes: Uint8Array): Message | null {
  const reader = new Reader(bytes)
  try {
    const message = readOne(reader)
    reader.end()
    return message
  } catch {
    return null
  }
}

function readOne(reader: Reader): Message | null {
  switch (reader.varUint()) {
    case SYNC: {
      const step = reader.varUint()
      if (step === STEP_1) return { type: 'vector', vector: reader.varBytes() }
      return step === STEP_2 || step === UPDATE ? { type: 'update', update: reader.varBytes() } : null
    }
    case AWARENESS:
      return { type: 'awareness', states: reader.varBytes() }
    case QUERY_AWARENESS:
      return { type: 'query-awareness' }
    default:
      // Auth messages go from servers to devices.
      return null
  }
}

/** Sync step 1: "this is what I have". */
export function step1(vector: ReadonlyMap<number, number>): Uint8Array {
  const inner = encoding.createEncoder()
  encoding.writeVarUint(inner, vector.size)
  for (const [client, clock] of vector) {
    encoding.writeVarUint(inner, client)
    encoding.writeVarUint(inner, clock)
  }
  return sync(STEP_1, encoding.toUint8Array(inner))
}

/** Sync step 2: "this is all that you lack". */
export function step2(update: Uint8Array): Uint8Array {
  return sync(STEP_2, update)
}

/** An update in passing. */
export function update(bytes: Uint8Array): Uint8Array {
  return sync(UPDATE, bytes)
}

/** An awareness message of states that are encoded already (`id`, `clock`, JSON). */
export function awareness(states: readonly Uint8Array[]): Uint8Array {
  const inner = encoding.createEncoder()
  encoding.writeVarUint(inner, states.length)
  for (const state of states) encoding.writeUint8Array(inner, state)
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, AWARENESS)
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner))
  return encoding.toUint8Array(encoder)
}

function sync(step: number, payload: Uint8Array): Uint8Array {
  const writer = new Writer(payload.length + 16)
  writer.varUint(SYNC)
  writer.varUint(step)
  writer.varBytes(payload)
  return writer.end()
}
