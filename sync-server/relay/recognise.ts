import type { StampPair } from '#conversation/document.ts'
import { isUlid } from '#conversation/ids.ts'
import { ENTRIES, EPOCH_CLIENT, STAMPS } from '#conversation/wire.ts'
import { Malformed, Reader } from './bytes.ts'

/**
 * The ledger gate's recogniser: reads the bytes of a Yjs V1 update (yjs/src/utils/encoding.js, structs/Item.js) and
 * accepts exactly two forms of client blocks, an empty delete set, and the end. Whatever else Yjs can say (deletions,
 * moves, other roots and types, GC and Skip structs, parents known through an origin) is malformed here. Pure, never
 * throws, and nothing in it recurses.
 */

/** Stamps that a device echoes. They may span several structs that follow each other. */
export interface StampRun {
  /** EPOCH_CLIENT + epoch. */
  client: number
  clock: number
  pairs: StampPair[]
}

/** Entries of one Yjs client, the first at `clock`, each at the next. */
export interface EntryRun {
  client: number
  clock: number
  entries: { id: string; text: string }[]
}

export type Recognised = { ok: true; stamps: StampRun[]; runs: EntryRun[] } | { ok: false; reason: string }

/** Struct info bytes: content ContentAny (8), with a key (0x20) or an origin (0x80). */
const ENTRY_STRUCT = 0x28
const FIRST_STAMP_STRUCT = 0x08
const NEXT_STAMP_STRUCT = 0x88
/** lib0's type bytes of "any" values. */
const ARRAY = 117
const STRING = 119
const FLOAT64 = 123
const FLOAT32 = 124
const INTEGER = 125
/** No accepted struct is shorter: info, parent or origin, content length, a value's type and length. */
const SMALLEST_STRUCT = 6
/** A block holds at least its count, client and clock, and a struct. */
const SMALLEST_BLOCK = 3 + SMALLEST_STRUCT
/** A stamp's pair: the array's type and count, the id's type, length and letters, the time's type and a byte. */
const SMALLEST_PAIR = 32

/** Reads an update, or says why it is none that a ledger takes. */
export function recogniseUpdate(bytes: Uint8Array): Recognised {
  try {
    return readUpdate(new Reader(bytes))
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, reason: error.message }
    throw error
  }
}

/** Reads a Yjs state vector (client to next clock); null if the bytes are none. */
export function recogniseVector(bytes: Uint8Array): Map<number, number> | null {
  const reader = new Reader(bytes)
  const vector = new Map<number, number>()
  try {
    for (let left = reader.count(2); left > 0; left--) {
      const client = reader.varUint()
      if (vector.has(client)) return null
      vector.set(client, reader.varUint())
    }
    reader.end()
    return vector
  } catch {
    return null
  }
}

function readUpdate(reader: Reader): Recognised {
  const stamps: StampRun[] = []
  const runs: EntryRun[] = []
  const clients = new Set<number>()
  for (let blocks = reader.count(SMALLEST_BLOCK); blocks > 0; blocks--) {
    const structs = reader.count(SMALLEST_STRUCT)
    const client = reader.varUint()
    const clock = reader.varUint()
    if (structs === 0) throw new Malformed('a block of nothing')
    if (clients.has(client)) throw new Malformed('a client twice')
    clients.add(client)
    if (client >= EPOCH_CLIENT) stamps.push(readStamps(reader, client, clock, structs))
    else runs.push(readEntries(reader, client, clock, structs))
  }
  if (reader.varUint() !== 0) throw new Malformed('deletions')
  reader.end()
  return { ok: true, stamps, runs }
}

function readEntries(reader: Reader, client: number, clock: number, structs: number): EntryRun {
  if (clock + structs > Number.MAX_SAFE_INTEGER) throw new Malformed('a clock of 2^53 or more')
  const entries: EntryRun['entries'] = []
  for (let i = 0; i < structs; i++) {
    if (reader.uint8() !== ENTRY_STRUCT) throw new Malformed('a struct that is no entry')
    if (reader.varUint() !== 1 || reader.varString() !== ENTRIES) throw new Malformed('a struct outside of entries')
    const id = reader.varString()
    if (!isUlid(id)) throw new Malformed('a key that is no entry id')
    if (reader.varUint() !== 1 || reader.uint8() !== STRING) throw new Malformed('an entry that is not one text')
    entries.push({ id, text: reader.varString() })
  }
  return { client, clock, entries }
}

function readStamps(reader: Reader, client: number, clock: number, structs: number): StampRun {
  const pairs: StampPair[] = []
  for (let i = 0; i < structs; i++) {
    readStampPlace(reader, client, clock + pairs.length)
    const count = reader.count(SMALLEST_PAIR)
    if (count === 0) throw new Malformed('a struct of nothing')
    for (let j = 0; j < count; j++) pairs.push(readPair(reader))
  }
  if (clock + pairs.length > Number.MAX_SAFE_INTEGER) throw new Malformed('a clock of 2^53 or more')
  return { client, clock, pairs }
}

/**
 * The relay only ever adds to the end of its array: a stamp's place is the root, or after the stamp before it. That is
 * of the same epoch, but for the first of a later one.
 */
function readStampPlace(reader: Reader, client: number, clock: number): void {
  const info = reader.uint8()
  if (info === FIRST_STAMP_STRUCT && clock === 0) {
    if (reader.varUint() !== 1 || reader.varString() !== STAMPS) throw new Malformed('a struct outside of stamps')
  } else if (info === NEXT_STAMP_STRUCT) {
    const before = { client: reader.varUint(), clock: reader.varUint() }
    const inPlace =
      clock > 0 ? before.client === client && before.clock === clock - 1 : isOtherEpoch(before.client, client)
    if (!inPlace) throw new Malformed('a stamp out of its place')
  } else {
    throw new Malformed('a struct that is no stamp')
  }
}

function isOtherEpoch(before: number, client: number): boolean {
  return before >= EPOCH_CLIENT && before !== client
}

function readPair(reader: Reader): StampPair {
  if (reader.uint8() !== ARRAY || reader.varUint() !== 2 || reader.uint8() !== STRING) {
    throw new Malformed('a stamp that is no pair')
  }
  const id = reader.varString()
  if (!isUlid(id)) throw new Malformed('a stamp of no entry id')
  return [id, readTime(reader)]
}

/** lib0 writes an integer above 2^31 as a float64, or as a float32 if that is exact. */
function readTime(reader: Reader): number {
  const type = reader.uint8()
  const time =
    type === FLOAT64
      ? reader.float64()
      : type === FLOAT32
        ? reader.float32()
        : type === INTEGER
          ? reader.varInt()
          : Number.NaN
  if (!Number.isSafeInteger(time)) throw new Malformed('a stamp without a time')
  return time
}
