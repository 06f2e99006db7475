/** How times are written. All arguments are ms since 1970; `locale` undefined means the browser's. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago, in as few letters as a list has room for: `now`, `4m`, `3h`, `Mon`, `12 May`, `May 2024`. */
export function shortAge(at: number, now: number, locale?: string): string {
  const age = now - at
  if (age < MINUTE) return 'now'
  if (age < HOUR) return unit(Math.floor(age / MINUTE), 'minute', locale)
  if (age < DAY) return unit(Math.floor(age / HOUR), 'hour', locale)
  if (age < 6 * DAY) return format(at, { weekday: 'short' }, locale)
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(at, sameYear ? { day: 'numeric', month: 'short' } : { month: 'short', year: 'numeric' }, locale)
}

/** The time of day: `14:32` or `2:32 PM`, as the locale has it. */
export function clockTime(at: number, locale?: string): string {
  return format(at, { hour: 'numeric', minute: '2-digit' }, locale)
}

/** The full date and time, for titles and transcripts. */
export function absoluteTime(at: number, locale?: string): string {
  return format(at, { dateStyle: 'full', timeStyle: 'medium' }, locale)
}

/** The day as a divider says it: `Today`, `Yesterday`, `Monday`, `Monday, 12 May`, with the year if it is another. */
export function dayName(at: number, now: number, locale?: string): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  if (days > 1 && days < 6) return format(at, { weekday: 'long' }, locale)
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const date = { weekday: 'long', day: 'numeric', month: 'long' } as const
  return format(at, sameYear ? date : { ...date, year: 'numeric' }, locale)
}

/** A date and time in the words of a sentence: `14:32`, `yesterday, 14:32`, `12 May, 14:32`. */
export function timeInSentence(at: number, now: number, locale?: string): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY)
  if (days === 0) return clockTime(at, locale)
  if (days === 1) return `yesterday, ${clockTime(at, locale)}`
  return dateAndTime(at, locale)
}

/** `12 May, 14:32`. */
export function dateAndTime(at: number, locale?: string): string {
  return format(at, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }, locale)
}

/** Midnight before it, in the browser's time zone. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

function unit(count: number, name: 'minute' | 'hour', locale?: string): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow' }).format(count)
}

// A formatter costs far more to make than to use, and a list uses few kinds of them.
const formatters = new Map<string, Intl.DateTimeFormat>()

function format(at: number, options: Intl.DateTimeFormatOptions, locale?: string): string {
  const key = `${locale ?? ''} ${JSON.stringify(options)}`
  let formatter = formatters.get(key)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(locale, options)
    formatters.set(key, formatter)
  }
  return formatter.format(at)
}
