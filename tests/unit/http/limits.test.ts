import { expect, test } from 'vitest'
import { createBucket } from '#server/http/limits.ts'

test('a bucket gives its burst at once, then one for each interval, and says how long to wait', () => {
  let now = 0
  const bucket = createBucket({ burst: 3, everyMs: 1000 }, () => now)
  expect([bucket.take('a'), bucket.take('a'), bucket.take('a')]).toEqual([0, 0, 0])
  expect(bucket.take('a')).toBe(1000)
  now = 600
  expect(bucket.take('a')).toBe(400)
  now = 1000
  expect(bucket.take('a')).toBe(0)
  expect(bucket.take('a')).toBe(1000)
  // A long rest fills it up to the burst and no further.
  now = 1_000_000
  expect([bucket.take('a'), bucket.take('a'), bucket.take('a'), bucket.take('a') > 0]).toEqual([0, 0, 0, true])
})

test('a clock that is set back takes nothing away', () => {
  let now = 3_600_000
  const bucket = createBucket({ burst: 2, everyMs: 1000 }, () => now)
  expect(bucket.take('a')).toBe(0)
  now = 0
  expect(bucket.take('a')).toBe(0)
  expect(bucket.take('a')).toBe(1000)
})

test('keys do not share', () => {
  const bucket = createBucket({ burst: 1, everyMs: 1000 }, () => 0)
  expect(bucket.take('a')).toBe(0)
  expect(bucket.take('b')).toBe(0)
  expect(bucket.take('a')).toBeGreaterThan(0)
})

test('what is given back can be taken again, never beyond the burst', () => {
  const bucket = createBucket({ burst: 1, everyMs: 1000 }, () => 0)
  expect(bucket.take('a')).toBe(0)
  bucket.giveBack('a')
  bucket.giveBack('a')
  expect(bucket.take('a')).toBe(0)
  expect(bucket.take('a')).toBeGreaterThan(0)
})

test('it remembers so many keys and no more; the one unused for longest goes first', () => {
  const bucket = createBucket({ burst: 1, everyMs: 1000 }, () => 0, 2)
  bucket.take('a')
  bucket.take('b')
  expect(bucket.take('a')).toBeGreaterThan(0)
  bucket.take('c')
  expect(bucket.take('a')).toBeGreaterThan(0)
  expect(bucket.take('b')).toBe(0)
})
