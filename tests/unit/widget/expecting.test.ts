import { beforeAll, describe, expect, test } from 'vitest'
import type { Availability } from '#conversation/availability.ts'
import { expectation } from '../../../src/widget/expecting.ts'
import { speak } from '../../../src/widget/texts/index.ts'

const MINUTE = 60_000
const open = (medianAnswer: number | null): Availability => ({ hours: null, medianAnswer })

// In the zone of whoever reads: the hours are given in that zone too, so that the test reads the same everywhere.
const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
const weekdays = [{ from: 9 * 60, to: 17 * 60 }]
const hours: Availability = {
  hours: { zone: timeZone, week: [weekdays, weekdays, weekdays, weekdays, weekdays, [], []] },
  medianAnswer: 3 * MINUTE,
}
/** In March 2026 the 2nd is a Monday. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute).getTime()

describe('what to expect of a message sent now', () => {
  beforeAll(() => speak({ language: 'en', tag: 'en-GB' }))

  test('how long answers took, in words and not in minutes', () => {
    const said = [null, 3 * MINUTE, 29 * MINUTE, 45 * MINUTE, 3 * 60 * MINUTE, 20 * 60 * MINUTE]
    expect(said.map((answer) => expectation(open(answer), 0))).toEqual([
      '',
      'Answers usually take a few minutes',
      'Answers usually take a few minutes',
      'Answers usually take about an hour',
      'Answers usually take about 3 hours',
      'Answers usually take a day',
    ])
    expect(expectation(null, 0)).toBe('')
  })

  test('when somebody is back: today, tomorrow, or on a day', () => {
    expect(expectation(hours, at(2, 8))).toBe('We are back at 9:00')
    expect(expectation(hours, at(2, 9))).toBe('Answers usually take a few minutes')
    expect(expectation(hours, at(2, 17))).toBe('We are back tomorrow at 9:00')
    expect(expectation(hours, at(6, 18))).toBe('We are back on Monday at 9:00')
    const never: Availability = { hours: { zone: 'UTC', week: [[], [], [], [], [], [], []] }, medianAnswer: null }
    expect(expectation(never, at(2, 8))).toBe('We are closed at the moment')
  })

  test('in the visitor’s language', async () => {
    await speak({ language: 'de', tag: 'de-AT' })
    expect(expectation(hours, at(6, 18))).toBe('Wir sind am Montag um 9:00 wieder da')
    await speak({ language: 'nl', tag: 'nl' })
    expect(expectation(hours, at(6, 18))).toBe('We zijn er maandag om 9:00 weer')
  })
})
