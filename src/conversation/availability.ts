import { DAY_MINUTES, type Hours } from './hours.ts'

/** When a visitor may expect an answer: from an inbox's hours, and from how long answers took lately. */

export interface Availability {
  /** Null: always open. */
  hours: Hours | null
  /** How long visitors waited for a person's answer during the last day, the median, in ms; null: too few to say. */
  medianAnswer: number | null
}

export type Expectation =
  /** `answer`: in about how many ms; null: nobody can say. */
  | { is: 'open'; answer: number | null }
  /** `opensAt`: the next opening, ms since 1970; null: none is planned. */
  | { is: 'closed'; opensAt: number | null }

const MINUTE = 60_000
const DAY = DAY_MINUTES * MINUTE
/** A day can be missing from a calendar (Samoa, 2011), and an hour from a day: past two weeks there is nothing new. */
const SEARCH = 16 * DAY

/**
 * What to expect of a message sent now. Hours are read off the clock on the zone's wall: an hour that comes twice in
 * autumn is open twice, and one that is left out in spring is not there.
 *
 * @param now ms since 1970
 */
export function expectationAt({ hours, medianAnswer }: Availability, now: number): Expectation {
  const clock = hours === null ? null : wallClock(hours.zone)
  // A device that does not know the zone cannot tell the hours: it promises nothing.
  if (hours !== null && clock === null) return { is: 'open', answer: null }
  if (hours === null || clock === null || isOpen(hours, clock(now))) return { is: 'open', answer: medianAnswer }
  return { is: 'closed', opensAt: nextOpening(hours, clock, now) }
}

/** What the clock on a wall shows, as ms since 1970 if that wall were in UTC. */
type WallClock = (at: number) => number

function isOpen({ week }: Hours, wall: number): boolean {
  const minutes = (wall - startOfDay(wall)) / MINUTE
  return stretchesOf(week, wall).some(({ from, to }) => from <= minutes && minutes < to)
}

/** Steps from one possible opening to the next: the next stretch of the day, the next midnight, the next turn of clocks. */
function nextOpening(hours: Hours, clock: WallClock, now: number): number | null {
  if (hours.week.every((stretches) => stretches.length === 0)) return null
  let at = now
  while (at < now + SEARCH) {
    const wall = clock(at)
    const next = at + nextStart(hours, wall) - wall
    // Between two readings of the clock it may have been turned: what it then shows decides.
    at = clock(next) - next === wall - at ? next : turnBetween(clock, at, next)
    if (isOpen(hours, clock(at))) return at
  }
  return null
}

/** Where the wall's clock next begins a stretch, this day, or shows midnight. */
function nextStart({ week }: Hours, wall: number): number {
  const today = startOfDay(wall)
  const starts = stretchesOf(week, wall).map(({ from }) => today + from * MINUTE)
  return starts.find((start) => start > wall) ?? today + DAY
}

/** The first moment that has not the offset of `low`; `high` has not. They are at most a day apart: one turn. */
function turnBetween(clock: WallClock, low: number, high: number): number {
  const offset = clock(low) - low
  let [before, after] = [low, high]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (clock(middle) - middle === offset) before = middle
    else after = middle
  }
  return after
}

function stretchesOf(week: Hours['week'], wall: number): Hours['week'][number] {
  // 1 January 1970 was a Thursday: three days after a Monday.
  return week[(((Math.floor(wall / DAY) + 3) % 7) + 7) % 7] ?? []
}

function startOfDay(wall: number): number {
  return Math.floor(wall / DAY) * DAY
}

// Formatters are slow to make, and everybody asks for one inbox's zone: the last one is kept.
let known: { zone: string; clock: WallClock | null } | null = null

/** A zone's wall clock, or null if this runtime does not know the zone. */
function wallClock(zone: string): WallClock | null {
  if (known?.zone !== zone) known = { zone, clock: createWallClock(zone) }
  return known.clock
}

function createWallClock(zone: string): WallClock | null {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...numeric, ...time })
  } catch {
    return null
  }
  return (at) => {
    const parts = format.formatToParts(at)
    const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
    const seconds = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'))
    // The parts leave out the milliseconds, which no zone moves.
    return seconds + (((at % 1000) + 1000) % 1000)
  }
}
