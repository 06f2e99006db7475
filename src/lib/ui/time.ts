import { locale, m } from '#texts'

/** How times are written, in the language that is spoken. All arguments are ms since 1970. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago, in as few letters as a list has room for: `now`, `4m`, `3h`, `Mon`, `12 May`, `May 2024`. */
export function shortAge(at: number, now: number): string {
  const age = now - at
  if (age < MINUTE) return m.time_now()
  if (age < HOUR) return unit(Math.floor(age / MINUTE), 'minute')
  if (age < DAY) return unit(Math.floor(age / HOUR), 'hour')
  if (age < 6 * DAY) return format(at, { weekday: 'short' })
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(at, sameYear ? { day: 'numeric', month: 'short' } : { month: 'short', year: 'numeric' })
}

/** The time of day: `09:32` or `9:32 AM`, as the locale has it. */
export function clockTime(at: number): string {
  return format(at, { timeStyle: 'short' })
}

/** The full date and time, for titles and transcripts. */
export function absoluteTime(at: number): string {
  return format(at, { dateStyle: 'full', timeStyle: 'medium' })
}

/** The day as a divider says it: `Today`, `Yesterday`, `Monday`, `Monday, 12 May`, with the year if it is another. */
export function dayName(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY)
  if (days === 0) return m.time_today()
  if (days === 1) return m.time_yesterday()
  if (days > 1 && days < 6) return capital(format(at, { weekday: 'long' }))
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const date = { weekday: 'long', day: 'numeric', month: 'long' } as const
  return capital(format(at, sameYear ? date : { ...date, year: 'numeric' }))
}

/** A date and time as short as can be: `14:32`, `yesterday, 14:32`, `12 May, 14:32`. */
export function nearTime(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY)
  if (days === 0) return clockTime(at)
  if (days === 1) return m.time_yesterday_at({ time: clockTime(at) })
  return dateAndTime(at)
}

/** `12 May, 14:32`. */
export function dateAndTime(at: number): string {
  return format(at, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' })
}

/** Midnight before it, in the browser's time zone. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

/** Many languages write the days of the week small; at the head of a line they are not. */
function capital(words: string): string {
  const [first = '', ...rest] = words
  return first.toLocaleUpperCase(locale.tag) + rest.join('')
}

// A formatter costs far more to make than to use, and a list uses few kinds of them.
const formatters = new Map<string, Intl.DateTimeFormat>()
const units = new Map<string, Intl.NumberFormat>()

function unit(count: number, name: 'minute' | 'hour'): string {
  const key = `${locale.tag} ${name}`
  let formatter = units.get(key)
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat(locale.tag, { style: 'unit', unit: name, unitDisplay: 'narrow' })
    units.set(key, formatter)
  }
  return formatter.format(count)
}

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale.tag} ${JSON.stringify(options)}`
  let formatter = formatters.get(key)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(locale.tag, options)
    formatters.set(key, formatter)
  }
  return formatter.format(at)
}
