import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { hoursSchema, MAX_STRETCHES } from '#conversation/hours.ts'
import {
  asMonday,
  inOrder,
  minutesOf,
  nextStretch,
  timeOf,
  usualHours,
  type Day,
} from '../../../src/lib/settings/week.ts'
import { zoneGroups } from '../../../src/lib/settings/zones.ts'
import { hoursOf, weeks } from '../../support/hours.ts'

describe('times of a day in a field', () => {
  test.each([
    [0, 'from', '00:00'],
    [545, 'from', '09:05'],
    [1439, 'to', '23:59'],
    [1440, 'to', '00:00'],
  ] as const)('%d (%s) is %s, and back', (minutes, edge, time) => {
    expect(timeOf(minutes)).toBe(time)
    expect(minutesOf(time, edge)).toBe(minutes)
  })

  test.each(['', '9', '--:--'])('%j is no time yet', (time) => expect(minutesOf(time, 'from')).toBeNull())
})

describe('a week that is edited', () => {
  test('begins as hours that can be saved', () => {
    const hours = usualHours('Europe/Rome')
    expect(v.parse(hoursSchema, hours)).toEqual(hoursOf('Europe/Rome', { weekdays: ['9:00-17:00'] }))
  })

  test('gets hours one after the other until nothing fits in', () => {
    fc.assert(
      fc.property(weeks, ([monday = []]) => {
        let day: Day = monday
        for (let next = nextStretch(day); next !== null; next = nextStretch(day)) day = [...day, next]
        expect(v.is(hoursSchema, { zone: 'UTC', week: [day, [], [], [], [], [], []] })).toBe(true)
        const last = day.at(-1)?.to ?? 0
        expect(day.length === MAX_STRETCHES || last + 60 >= 1440).toBe(true)
      }),
    )
  })

  test('weekdays become as Monday is, each its own; the weekend stays', () => {
    const { week } = hoursOf('UTC', {
      monday: ['8:00-9:00', '10:00-11:00'],
      wednesday: ['1:00-2:00'],
      sunday: ['3:00-4:00'],
    })
    const copied = asMonday(week)
    expect(copied.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => week[0]))
    expect(copied.slice(5)).toEqual(week.slice(5))
    expect(copied[1]?.[0]).not.toBe(copied[0]?.[0])
  })

  test('is put in order before it is judged', () => {
    const written = hoursOf('UTC', { monday: ['13:00-17:00', '9:00-12:00'] })
    expect(v.is(hoursSchema, written)).toBe(false)
    expect(inOrder(written)).toEqual(hoursOf('UTC', { monday: ['9:00-12:00', '13:00-17:00'] }))
    expect(inOrder(null)).toBeNull()
  })
})

describe('time zones to pick from', () => {
  const known = ['America/Argentina/Ushuaia', 'Europe/Paris', 'Europe/Isle_of_Man', 'UTC']

  test('the browser’s own first, then the picked one, then all by parts of the world', () => {
    expect(zoneGroups('Europe/Paris', 'Asia/Calcutta', known)).toEqual([
      {
        label: null,
        zones: [
          { value: 'Europe/Paris', label: 'Europe/Paris' },
          { value: 'Asia/Calcutta', label: 'Asia/Calcutta' },
        ],
      },
      { label: 'America', zones: [{ value: 'America/Argentina/Ushuaia', label: 'Argentina, Ushuaia' }] },
      { label: 'Europe', zones: [{ value: 'Europe/Isle_of_Man', label: 'Isle of Man' }] },
      { label: '', zones: [{ value: 'UTC', label: 'UTC' }] },
    ])
  })

  test('each once', () => {
    const values = zoneGroups('UTC', 'UTC', [...known, 'UTC']).flatMap(({ zones }) => zones.map(({ value }) => value))
    expect(values).toHaveLength(new Set(values).size)
    expect(values.toSorted()).toEqual(known.toSorted())
  })
})
