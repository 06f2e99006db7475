import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAnswerTimes, told } from '#server/http/answer-times.ts'
import type { Wait } from '#server/store/port.ts'
import { HOUR, hoursOf, MINUTE } from '../../support/hours.ts'

const DAY = 24 * HOUR

describe('the median as it is told', () => {
  test.each([
    ['nothing of nothing', [], null],
    ['nothing of four', [1, 1, 1, 1], null],
    ['of five, the middle', [50, 2, 1, 40, 1], 2],
    ['of six, the lower of the two in the middle', [1, 1, 2, 4, 9, 9], 2],
    ['up to the next step', [6, 6, 6, 6, 6], 10],
    ['a step itself', [10, 10, 10, 10, 10], 10],
    ['seconds are a minute', [0.1, 0.1, 0.1, 0.1, 0.1], 1],
    ['a day at the most', [9000, 9000, 9000, 9000, 9000], 1440],
  ])('%s', (_, waits, minutes) => {
    expect(told(waits.map((wait) => wait * MINUTE))).toBe(minutes === null ? null : minutes * MINUTE)
  })

  test('at least half of those who waited got their answer within it', () => {
    const waits = fc.array(fc.integer({ min: 1, max: DAY }), { minLength: 5, maxLength: 40 })
    fc.assert(
      fc.property(waits, (each) => {
        const median = told(each) ?? 0
        expect(each.filter((wait) => wait <= median).length * 2).toBeGreaterThanOrEqual(each.length)
      }),
    )
  })
})

describe('the answer times of an inbox', () => {
  const inbox = { id: 'shop', hours: null }
  /** 14 July 2026 was a Tuesday. */
  const START = Date.parse('2026-07-14T12:00Z')

  function world(waits: (since: number) => Wait[]) {
    let now = START
    const asked: [string, number][] = []
    const store = {
      waits: async (id: string, since: number) => {
        asked.push([id, since])
        return waits(since)
      },
    }
    return { asked, tick: (ms: number) => void (now += ms), times: createAnswerTimes({ store, now: () => now }) }
  }
  const after = (minutes: number, count = 5): Wait[] =>
    Array.from({ length: count }, () => ({ asked: START, answered: START + minutes * MINUTE }))

  test('of the last day, and asked for once in five minutes, however many ask', async () => {
    const { times, asked, tick } = world(() => after(2))
    expect(await Promise.all([times.median(inbox), times.median(inbox)])).toEqual([2 * MINUTE, 2 * MINUTE])
    tick(5 * MINUTE - 1)
    await times.median(inbox)
    expect(asked).toEqual([['shop', START - DAY]])
    await times.median({ ...inbox, id: 'help' })
    tick(1)
    await times.median(inbox)
    expect(asked.slice(1)).toEqual([
      ['help', START - DAY + 5 * MINUTE - 1],
      ['shop', START - DAY + 5 * MINUTE],
    ])
  })

  test('a clock that is set back is believed', async () => {
    const { times, asked, tick } = world(() => after(2))
    await times.median(inbox)
    tick(-DAY)
    await times.median(inbox)
    expect(asked).toHaveLength(2)
  })

  test('who wrote while it was closed does not count', async () => {
    const night = (count: number) => after(600, count).map((wait) => ({ ...wait, asked: wait.asked - 12 * HOUR }))
    const { times } = world(() => [...night(9), ...after(3)])
    const hours = hoursOf('UTC', { weekdays: ['9:00-17:00'] })
    expect(await times.median({ id: 'shop', hours })).toBe(3 * MINUTE)
    expect(await times.median({ id: 'always', hours: null })).toBe(1440 * MINUTE)
  })

  test('a store that fails is asked again', async () => {
    let failing = true
    const { times } = world(() => {
      if (failing) throw new Error('the disk is gone')
      return after(1)
    })
    await expect(times.median(inbox)).rejects.toThrow('the disk is gone')
    failing = false
    expect(await times.median(inbox)).toBe(MINUTE)
  })
})
