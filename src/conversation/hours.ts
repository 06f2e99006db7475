import * as v from 'valibot'

/** When an inbox is answered: a week as its clock on the wall reads it. */

/** Minutes of a local day. */
export const DAY_MINUTES = 24 * 60
/** The most stretches of a day: more than any team has shifts. */
export const MAX_STRETCHES = 6

/** What can be wrong with hours, at the path of the issue: a code, for a screen to put into words. */
export type HoursFault =
  'unknown-zone' | 'not-a-week' | 'not-a-time' | 'ends-before-it-begins' | 'overlapping' | 'too-many'

const fault = (code: HoursFault): HoursFault => code

/**
 * Whether this runtime knows the zone by its IANA name. Offsets (`+02:00`) are none: newer engines know them, older
 * browsers do not, and they have no summer time.
 */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

const minute = v.pipe(
  v.number(fault('not-a-time')),
  v.integer(fault('not-a-time')),
  v.minValue(0, fault('not-a-time')),
  v.maxValue(DAY_MINUTES, fault('not-a-time')),
)

const stretch = v.pipe(
  v.strictObject({ from: minute, to: minute }),
  v.check(({ from, to }) => from < to, fault('ends-before-it-begins')),
)

const day = v.pipe(
  v.array(stretch),
  v.maxLength(MAX_STRETCHES, fault('too-many')),
  // Sorted, and each over when the next begins; nine to twelve and twelve to five is a day like any other.
  v.check(
    (stretches) => stretches.every(({ from }, index) => from >= (stretches[index - 1]?.to ?? -Infinity)),
    fault('overlapping'),
  ),
)

/**
 * Opening hours: an IANA zone, and the stretches of each day, Monday first, in minutes of the local day (`to` is not in
 * it any more; 1440 is midnight). What goes on past midnight is two stretches. Seven empty days: never open.
 */
export const hoursSchema = v.strictObject({
  zone: v.pipe(v.string(), v.maxLength(64, fault('unknown-zone')), v.check(isZone, fault('unknown-zone'))),
  week: v.pipe(v.array(day), v.length(7, fault('not-a-week'))),
})

export type Hours = v.InferOutput<typeof hoursSchema>
