import * as encoding from 'lib0/encoding'
import { EPOCH_CLIENT } from '#conversation/wire.ts'

/** Writes Yjs V1 updates piece by piece, as no Y.Doc would. */

type Part = (encoder: encoding.Encoder) => void

export const bytesOf = (...parts: Part[]): Uint8Array => {
  const encoder = encoding.createEncoder()
  for (const part of parts) part(encoder)
  return encoding.toUint8Array(encoder)
}

export const uint =
  (value: number): Part =>
  (encoder) =>
    encoding.writeVarUint(encoder, value)
export const byte =
  (value: number): Part =>
  (encoder) =>
    encoding.writeUint8(encoder, value)
export const text =
  (value: string): Part =>
  (encoder) =>
    encoding.writeVarString(encoder, value)
export const any =
  (value: unknown): Part =>
  (encoder) =>
    encoding.writeAny(encoder, value as string)
export const raw =
  (...bytes: number[]): Part =>
  (encoder) =>
    encoding.writeUint8Array(encoder, Uint8Array.from(bytes))
export const all =
  (...parts: Part[]): Part =>
  (encoder) =>
    parts.forEach((part) => part(encoder))
/** Arrays within arrays, so many of them. */
export const deep =
  (levels: number): Part =>
  (encoder) => {
    for (let i = 0; i < levels; i++) encoding.writeUint8Array(encoder, Uint8Array.of(117, 1))
    encoding.writeUint8(encoder, 126)
  }
/** An unsigned integer of any size: `bits` sevens of bits that are all one, and a last byte. */
export const hugeUint = (bytes: number, last = 1): Part =>
  all(...Array.from({ length: bytes }, () => byte(0xff)), byte(last))

/** A whole update: blocks, and the delete set (empty unless given). */
export const updateOf = (blocks: Part[], deletions: Part = uint(0)): Uint8Array =>
  bytesOf(uint(blocks.length), ...blocks, deletions)
export const block = (client: number, clock: number, ...structs: Part[]): Part =>
  all(uint(structs.length), uint(client), uint(clock), ...structs)

/** An honest entry. */
export const entry = (id: string, content: string, root = 'entries'): Part =>
  all(byte(0x28), uint(1), text(root), text(id), uint(1), any(content))
/** An honest first stamp, and honest later ones. */
export const firstStamps = (...pairs: unknown[]): Part =>
  all(byte(0x08), uint(1), text('stamps'), uint(pairs.length), ...pairs.map(any))
export const nextStamps = (clock: number, pairs: unknown[], client = EPOCH_CLIENT): Part =>
  all(byte(0x88), uint(client), uint(clock - 1), uint(pairs.length), ...pairs.map(any))
