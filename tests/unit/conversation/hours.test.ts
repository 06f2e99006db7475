import fc from 'fast-check'
import * as v from 'valibot'
import { expect, it, test } from 'vitest'
import { hoursSchema, MAX_STRETCHES } from '#conversation/hours.ts'
import { hoursOf, weeks } from '../../support/hours.ts'

const faultsOf = (hours: unknown) =>
  (v.safeParse(hoursSchema, hours).issues ?? []).map((issue) => [v.getDotPath(issue), issue.message])

const week = (monday: unknown) => ({ zone: 'UTC', week: [monday, [], [], [], [], [], []] })
const shifts = (count: number) => Array.from({ length: count }, (_, hour) => ({ from: hour * 60, to: hour * 60 + 30 }))

it.each([
  ['an empty week', hoursOf('Europe/Lisbon', {}), []],
  ['one that touches the next', hoursOf('UTC', { monday: ['9:00-12:00', '12:00-17:00'] }), []],
  ['a whole day', hoursOf('UTC', { monday: ['0:00-24:00'] }), []],
  ['as many stretches as there may be', week(shifts(MAX_STRETCHES)), []],
  ['one more', week(shifts(MAX_STRETCHES + 1)), [['week.0', 'too-many']]],
  ['a zone that is none', hoursOf('Mars/Olympus', {}), [['zone', 'unknown-zone']]],
  ['an offset', hoursOf('+02:00', {}), [['zone', 'unknown-zone']]],
  ['no zone', hoursOf('', {}), [['zone', 'unknown-zone']]],
  ['six days', { zone: 'UTC', week: [[], [], [], [], [], []] }, [['week', 'not-a-week']]],
  ['eight days', { zone: 'UTC', week: [[], [], [], [], [], [], [], []] }, [['week', 'not-a-week']]],
  ['past midnight', week([{ from: 1380, to: 1441 }]), [['week.0.0.to', 'not-a-time']]],
  ['before midnight', week([{ from: -1, to: 60 }]), [['week.0.0.from', 'not-a-time']]],
  ['half a minute', week([{ from: 0.5, to: 60 }]), [['week.0.0.from', 'not-a-time']]],
  ['no time at all', week([{ from: 60, to: 60 }]), [['week.0.0', 'ends-before-it-begins']]],
  ['a night in one', week([{ from: 1320, to: 120 }]), [['week.0.0', 'ends-before-it-begins']]],
  ['overlapping', hoursOf('UTC', { monday: ['9:00-12:01', '12:00-17:00'] }), [['week.0', 'overlapping']]],
  ['out of order', hoursOf('UTC', { monday: ['13:00-17:00', '9:00-12:00'] }), [['week.0', 'overlapping']]],
])('%s', (_, hours, faults) => {
  expect(faultsOf(hours)).toEqual(faults)
})

it('nothing more than it says', () => {
  expect(faultsOf({ ...hoursOf('UTC', {}), holidays: [] })).toHaveLength(1)
  expect(faultsOf(week([{ from: 0, to: 60, note: 'tea' }]))).toHaveLength(1)
})

test('every sorted week of stretches is accepted as it is', () => {
  fc.assert(
    fc.property(weeks, (each) => {
      const hours = { zone: 'Pacific/Auckland', week: each }
      expect(v.parse(hoursSchema, hours)).toEqual(hours)
    }),
  )
})
