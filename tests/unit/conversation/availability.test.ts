import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { expectationAt } from '#conversation/availability.ts'
import type { Hours } from '#conversation/hours.ts'
import { HOUR, hoursOf, MINUTE, wallOf, weeks } from '../../support/hours.ts'

const at = (time: string) => Date.parse(time)
const opens = (hours: Hours, now: string) => {
  const expectation = expectationAt({ hours, medianAnswer: null }, at(now))
  if (expectation.is === 'open') return 'open'
  return expectation.opensAt === null ? null : new Date(expectation.opensAt).toISOString()
}

const officeHours = hoursOf('Europe/Amsterdam', { weekdays: ['9:00-12:30', '13:00-17:00'] })

describe('an inbox that is open', () => {
  it('always, without hours; the answer takes what answers took', () => {
    expect(expectationAt({ hours: null, medianAnswer: 90_000 }, at('2026-07-14T03:00Z'))).toEqual({
      is: 'open',
      answer: 90_000,
    })
  })

  it('promises no time that nobody knows', () => {
    expect(expectationAt({ hours: officeHours, medianAnswer: null }, at('2026-07-14T08:00Z'))).toEqual({
      is: 'open',
      answer: null,
    })
  })

  it('promises nothing where the device does not know the zone', () => {
    const hours = { ...officeHours, zone: 'Mars/Olympus' }
    expect(expectationAt({ hours, medianAnswer: 90_000 }, at('2026-07-14T08:00Z'))).toEqual({
      is: 'open',
      answer: null,
    })
  })
})

describe('when it opens', () => {
  it.each([
    // Tuesday 14 July 2026, Amsterdam is two hours ahead.
    ['2026-07-14T06:59:59.999Z', '2026-07-14T07:00:00.000Z'],
    ['2026-07-14T07:00:00.000Z', 'open'],
    ['2026-07-14T10:29:59.999Z', 'open'],
    ['2026-07-14T10:30:00.000Z', '2026-07-14T11:00:00.000Z'],
    ['2026-07-14T14:59:59.999Z', 'open'],
    ['2026-07-14T15:00:00.000Z', '2026-07-15T07:00:00.000Z'],
    // Friday evening; the weekend; in winter it is one hour ahead.
    ['2026-07-17T15:00:00.000Z', '2026-07-20T07:00:00.000Z'],
    ['2026-12-05T12:00:00.000Z', '2026-12-07T08:00:00.000Z'],
  ])('at %s: %s', (now, expected) => {
    expect(opens(officeHours, now)).toBe(expected)
  })

  it('never, with an empty week', () => {
    expect(opens(hoursOf('Europe/Amsterdam', {}), '2026-07-14T06:00Z')).toBe(null)
  })

  it('all day is open at midnight, and until the next', () => {
    const hours = hoursOf('Asia/Kolkata', { tuesday: ['0:00-24:00'] })
    expect(opens(hours, '2026-07-13T18:29:59.999Z')).toBe('2026-07-13T18:30:00.000Z')
    expect(opens(hours, '2026-07-13T18:30:00.000Z')).toBe('open')
    expect(opens(hours, '2026-07-14T18:29:59.999Z')).toBe('open')
    expect(opens(hours, '2026-07-14T18:30:00.000Z')).toBe('2026-07-20T18:30:00.000Z')
  })

  it('a night is two stretches, and open across midnight', () => {
    const hours = hoursOf('America/New_York', { friday: ['22:00-24:00'], saturday: ['0:00-2:00'] })
    expect(opens(hours, '2026-07-18T03:59:59.999Z')).toBe('open')
    expect(opens(hours, '2026-07-18T04:00:00.000Z')).toBe('open')
    expect(opens(hours, '2026-07-18T06:00:00.000Z')).toBe('2026-07-25T02:00:00.000Z')
  })
})

describe('where clocks are turned', () => {
  // 29 March 2026, 02:00 becomes 03:00; 25 October 2026, 03:00 becomes 02:00.
  it('spring: the night is an hour shorter', () => {
    expect(opens(hoursOf('Europe/Berlin', { sunday: ['9:00-10:00'] }), '2026-03-28T23:30Z')).toBe(
      '2026-03-29T07:00:00.000Z',
    )
  })

  it('autumn: the night is an hour longer', () => {
    expect(opens(hoursOf('Europe/Berlin', { sunday: ['9:00-10:00'] }), '2026-10-24T22:30Z')).toBe(
      '2026-10-25T08:00:00.000Z',
    )
  })

  it('spring: what would begin in the hour that is left out begins right after it', () => {
    expect(opens(hoursOf('Europe/Berlin', { sunday: ['2:30-4:00'] }), '2026-03-29T00:30Z')).toBe(
      '2026-03-29T01:00:00.000Z',
    )
  })

  it('spring: what lies within the hour that is left out is not there; the next week it is', () => {
    expect(opens(hoursOf('Europe/Berlin', { sunday: ['2:15-2:45'] }), '2026-03-29T00:30Z')).toBe(
      '2026-04-05T00:15:00.000Z',
    )
  })

  it('autumn: the hour that comes twice is open twice', () => {
    const hours = hoursOf('Europe/Berlin', { sunday: ['2:00-2:30'] })
    expect(opens(hours, '2026-10-24T23:59Z')).toBe('2026-10-25T00:00:00.000Z')
    expect(opens(hours, '2026-10-25T00:30Z')).toBe('2026-10-25T01:00:00.000Z')
    expect(opens(hours, '2026-10-25T01:29Z')).toBe('open')
    expect(opens(hours, '2026-10-25T01:30Z')).toBe('2026-11-01T01:00:00.000Z')
  })

  it('by half an hour (Lord Howe), and at midnight itself (Santiago: 24:00 becomes 23:00, 0:00 becomes 1:00)', () => {
    expect(opens(hoursOf('Australia/Lord_Howe', { sunday: ['2:00-3:00'] }), '2026-10-03T15:00Z')).toBe(
      '2026-10-03T15:30:00.000Z',
    )
    expect(opens(hoursOf('America/Santiago', { sunday: ['0:00-2:00'] }), '2026-09-06T03:59Z')).toBe(
      '2026-09-06T04:00:00.000Z',
    )
    expect(opens(hoursOf('America/Santiago', { saturday: ['23:00-24:00'] }), '2026-04-05T01:30Z')).toBe(
      '2026-04-05T02:00:00.000Z',
    )
  })

  it('where a whole day is left out (Samoa had no 30 December 2011)', () => {
    expect(opens(hoursOf('Pacific/Apia', { friday: ['9:00-10:00'] }), '2011-12-30T09:00Z')).toBe(
      '2012-01-05T19:00:00.000Z',
    )
  })
})

test('the promise is kept: closed until then, and open then', () => {
  const zones = fc.constantFrom(
    ...['UTC', 'Europe/Dublin', 'America/St_Johns', 'Australia/Lord_Howe', 'America/Santiago', 'Asia/Kathmandu'],
    ...['Africa/Casablanca', 'Pacific/Chatham', 'Africa/Cairo', 'America/Havana'],
  )
  const turns = fc.constantFrom(
    ...['2026-03-08T05:30Z', '2026-03-29T01:00Z', '2026-04-04T15:00Z', '2026-04-05T03:00Z', '2026-04-24T00:00Z'],
    ...['2026-09-06T04:00Z', '2026-10-03T15:30Z', '2026-10-25T01:00Z', '2026-11-01T04:30Z', '2026-11-01T05:00Z'],
  )
  const beforeTurns = fc
    .tuple(turns, fc.integer({ min: -90 * HOUR, max: 2 * HOUR }))
    .map(([turn, later]) => at(turn) + later)
  const anyTime = fc.integer({ min: at('2024-01-01T00:00Z'), max: at('2028-01-01T00:00Z') })
  const times = fc.oneof(anyTime, beforeTurns)
  let closed = 0
  fc.assert(
    fc.property(zones, weeks, times, (zone, week, now) => {
      const isOpenOnTheWall = wallOf(zone, week)
      const isOpenAt = (moment: number) =>
        expectationAt({ hours: { zone, week }, medianAnswer: 1 }, moment).is === 'open'
      const expectation = expectationAt({ hours: { zone, week }, medianAnswer: 1 }, now)
      expect(isOpenAt(now)).toBe(isOpenOnTheWall(now))
      if (expectation.is === 'open') return
      closed++
      const { opensAt } = expectation
      if (opensAt === null) {
        expect(week.flat()).toEqual([])
        return
      }
      expect(opensAt).toBeGreaterThan(now)
      expect(isOpenOnTheWall(opensAt)).toBe(true)
      expect(isOpenOnTheWall(opensAt - 1)).toBe(false)
      // Stretches are of quarters of hours, and so are the turns of clocks: nothing is open between two of these.
      for (let each = now; each < opensAt; each += 15 * MINUTE) expect(isOpenOnTheWall(each)).toBe(false)
      expect(opensAt - now).toBeLessThan(15 * 24 * HOUR)
    }),
  )
  expect(closed).toBeGreaterThan(0)
})
