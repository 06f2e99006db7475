/** One time of the week for every picture, so that hours and days in them are the same whenever they are taken. */

const TUESDAY = 2
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** From now to the next Tuesday, 14:32 UTC, in ms. Ahead, never back: cookies of the past are dropped. */
export function untilTuesday(now: number): number {
  const midnight = Math.floor(now / DAY) * DAY
  const days = (TUESDAY - new Date(now).getUTCDay() + 7) % 7
  const at = midnight + days * DAY + (14 * 60 + 32) * MINUTE
  return (at > now ? at : at + 7 * DAY) - now
}

/** Sets the clock of whatever process or page it runs in so many ms ahead. It stands alone: pages get its source. */
export function setAhead(ms: number): void {
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(Real.now() + ms)
      else super(...(given as [number]))
    }
    static override now(): number {
      return Real.now() + ms
    }
  } as DateConstructor
}
