import fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import { expect, test } from 'vitest'
import { Reader } from '#server/relay/bytes.ts'
import { Writer } from '#server/relay/writer.ts'

const numbers = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(300),
  fc.constantFrom(0, 63, 64, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 33, 2 ** 33 + 1, Number.MAX_SAFE_INTEGER),
)
const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constant('a'.repeat(300)))

function written(write: (writer: Writer) => void): number[] {
  // One byte: it has to grow.
  const writer = new Writer(1)
  write(writer)
  return [...writer.end()]
}

function byLib0(write: (encoder: encoding.Encoder) => void): number[] {
  const encoder = encoding.createEncoder()
  write(encoder)
  return [...encoding.toUint8Array(encoder)]
}

test('[R8] the writer writes what lib0 does', () => {
  fc.assert(
    fc.property(fc.array(numbers), fc.array(texts), fc.uint8Array(), (all, words, bytes) => {
      const own = written((writer) => {
        for (const each of all) writer.varUint(each)
        for (const each of all) writer.anyNumber(each)
        for (const each of words) writer.varString(each)
        writer.varBytes(bytes)
      })
      const lib0 = byLib0((encoder) => {
        for (const each of all) encoding.writeVarUint(encoder, each)
        for (const each of all) encoding.writeAny(encoder, each)
        for (const each of words) encoding.writeVarString(encoder, each)
        encoding.writeVarUint8Array(encoder, bytes)
      })
      expect(own).toEqual(lib0)
    }),
  )
})

test('[R8] what the writer writes, the reader reads', () => {
  const writer = new Writer(1)
  writer.uint8(200)
  writer.varString('Grüße 👋')
  writer.varBytes(Uint8Array.of(1, 2, 3))
  const reader = new Reader(writer.end())
  expect([reader.uint8(), reader.varString(), [...reader.varBytes()], reader.left]).toEqual([
    200,
    'Grüße 👋',
    [1, 2, 3],
    0,
  ])
})
