import { locale, m } from './texts/index.ts'

/** How times are written, in the visitor's language and time zone; `at` and `now` are ms since 1970. */

/** The time of day. */
export function clockTime(at: number): string {
  return write(at, { hour: 'numeric', minute: '2-digit' })
}

/** Date and time in full. */
export function fullTime(at: number): string {
  return write(at, { dateStyle: 'full', timeStyle: 'short' })
}

/** The day as a divider says it. */
export function dayName(at: number, now: number): string {
  const days = -daysAhead(at, now)
  if (days === 0) return m.today({})
  if (days === 1) return m.yesterday({})
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return write(at, { weekday: 'long', day: 'numeric', month: 'long', ...(!sameYear && { year: 'numeric' }) })
}

/** The day in a sentence: its weekday within a week, else its date. */
export function dayAhead(at: number, now: number): string {
  return write(at, daysAhead(at, now) < 7 ? { weekday: 'long' } : { weekday: 'long', day: 'numeric', month: 'long' })
}

/** How many midnights lie between now and then; negative for the past. */
export function daysAhead(at: number, now: number): number {
  // From noon to noon: a day with a change of the clocks is still one day.
  return Math.round((noonOf(at) - noonOf(now)) / 86_400_000)
}

function write(at: number, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale.tag, how).format(at)
}

function noonOf(at: number): number {
  return new Date(at).setHours(12, 0, 0, 0)
}
