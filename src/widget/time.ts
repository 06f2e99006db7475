import { texts } from './texts.ts'

/** How times are written; `at` and `now` are ms since 1970, `locale` undefined means the browser's. */

/** The time of day, as the locale has it. */
export function clockTime(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at)
}

/** Date and time in full. */
export function fullTime(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at)
}

/** The day as a divider says it. */
export function dayName(at: number, now: number, locale?: string): string {
  // From noon to noon: a day with a change of the clocks is still one day.
  const days = Math.round((noonOf(now) - noonOf(at)) / 86_400_000)
  if (days === 0) return texts.today
  if (days === 1) return texts.yesterday
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  const date = { weekday: 'long', day: 'numeric', month: 'long' } as const
  return new Intl.DateTimeFormat(locale, sameYear ? date : { ...date, year: 'numeric' }).format(at)
}

function noonOf(at: number): number {
  return new Date(at).setHours(12, 0, 0, 0)
}
