import fc from 'fast-check'
import type { Hours } from '#conversation/hours.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

type Written = `${number}:${number}-${number}:${number}`

/** Hours as people write them: `hoursOf('Europe/Paris', { weekdays: ['9:00-12:30'], sunday: ['10:00-24:00'] })`. */
export function hoursOf(
  zone: string,
  days: Partial<Record<(typeof DAYS)[number] | 'weekdays', readonly Written[]>>,
): Hours {
  const week = DAYS.map((day, index) => days[day] ?? (index < 5 ? days.weekdays : undefined) ?? [])
  return { zone, week: week.map((stretches) => stretches.map(stretch)) }
}

function stretch(written: Written): { from: number; to: number } {
  const [from = 0, fromMinutes = 0, to = 0, toMinutes = 0] = written.split(/[-:]/).map(Number)
  return { from: from * 60 + fromMinutes, to: to * 60 + toMinutes }
}

/** Days of up to three stretches, in quarters of hours; most days have none, so that there is something to wait for. */
const day = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { maxLength: 6 })
  .map((quarters) => quarters.toSorted((a, b) => a - b).map((quarter) => quarter * 15))
  .map((times) =>
    Array.from({ length: Math.floor(times.length / 2) }, (_, index) => ({
      from: times[2 * index] ?? 0,
      to: times[2 * index + 1] ?? 0,
    })),
  )
export const weeks = fc.array(
  fc.oneof({ arbitrary: fc.constant<Hours['week'][number]>([]), weight: 3 }, { arbitrary: day, weight: 2 }),
  {
    minLength: 7,
    maxLength: 7,
  },
)

/** A clock on a wall of the zone: whether it shows a time of the week's. It reads words, unlike what is tested. */
export function wallOf(zone: string, week: Hours['week']): (at: number) => boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (at) => {
    const [, weekday = '', hour, minute] = /^(\w+)\D+(\d+):(\d+)$/.exec(format.format(at)) ?? []
    const minutes = Number(hour) * 60 + Number(minute)
    const index = DAYS.findIndex((name) => name === weekday.toLowerCase())
    return week[index]?.some(({ from, to }) => from <= minutes && minutes < to) ?? false
  }
}
