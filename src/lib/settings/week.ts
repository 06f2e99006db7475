import { DAY_MINUTES, MAX_STRETCHES, type Hours } from '#conversation/hours.ts'

/** A week as it is edited. Nothing here is checked: what is not right is shown, and left to whoever writes it. */

export type Week = Hours['week']
export type Day = Week[number]
export type Stretch = Day[number]

const HOUR = 60
/** What a day begins with when it gets its first hours. */
const USUAL: Stretch = { from: 9 * HOUR, to: 17 * HOUR }

/** The hours that a website's team would most likely begin with. */
export function usualHours(zone: string): Hours {
  return { zone, week: Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ ...USUAL }] : [])) }
}

/** As a field for times has it: `09:30`. The midnight that ends a day is `00:00`. */
export function timeOf(minutes: number): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${two(Math.floor(minutes / HOUR) % 24)}:${two(minutes % HOUR)}`
}

/** The minutes of a field for times, or null while it is not filled in. As an end, `00:00` is the midnight to come. */
export function minutesOf(time: string, edge: keyof Stretch): number | null {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(time) ?? []
  if (hours === undefined) return null
  const read = Number(hours) * HOUR + Number(minutes)
  return edge === 'to' && read === 0 ? DAY_MINUTES : read
}

/** What another click adds to a day, or null if nothing fits in any more. */
export function nextStretch(day: Day): Stretch | null {
  const last = Math.max(...day.map(({ to }) => to))
  if (day.length === 0) return { ...USUAL }
  const from = last + HOUR
  if (day.length >= MAX_STRETCHES || from >= DAY_MINUTES) return null
  return { from, to: Math.min(from + 3 * HOUR, DAY_MINUTES) }
}

/** Tuesday to Friday as Monday; the weekend stays. */
export function asMonday(week: Week): Week {
  const monday = week[0] ?? []
  return week.map((day, index) => (index > 0 && index < 5 ? monday.map((stretch) => ({ ...stretch })) : day))
}

/** Each day's stretches in the order of their beginnings, whatever the order in which they were written. */
export function inOrder(hours: Hours | null): Hours | null {
  if (hours === null) return null
  return { zone: hours.zone, week: hours.week.map((day) => day.toSorted((a, b) => a.from - b.from)) }
}
