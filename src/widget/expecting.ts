import { expectationAt, type Availability } from '#conversation/availability.ts'
import { m } from './texts/index.ts'
import { clockTime, dayAhead, daysAhead } from './time.ts'

/** When an answer is to be expected, in plain words: no green dot, which promises somebody who may be busy. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * The words for now; empty if nobody can say.
 *
 * @param now ms since 1970
 */
export function expectation(availability: Availability | null, now: number): string {
  if (availability === null) return ''
  const expected = expectationAt(availability, now)
  if (expected.is === 'closed') return expected.opensAt === null ? m.closed({}) : backAt(expected.opensAt, now)
  const { answer } = expected
  if (answer === null) return ''
  if (answer < 30 * MINUTE) return m.expect_minutes({})
  const hours = Math.round(answer / HOUR)
  // Half a day of waiting is a day to whoever waits: they will not be there any more.
  return hours > 11 ? m.expect_day({}) : m.expect_hours({ count: Math.max(1, hours) })
}

function backAt(at: number, now: number): string {
  const time = clockTime(at)
  const days = daysAhead(at, now)
  if (days === 0) return m.back_today({ time })
  return days === 1 ? m.back_tomorrow({ time }) : m.back_on({ day: dayAhead(at, now), time })
}
