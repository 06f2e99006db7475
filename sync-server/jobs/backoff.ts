export interface BackoffOptions {
  /** The delay after the first failure, in ms. */
  first: number
  /** The longest delay, in ms. */
  most: number
}

/**
 * How long to wait after an attempt that failed: doubled each time up to the cap, and of that a random half to whole,
 * so that jobs that failed together do not come back together.
 *
 * @param attempts how many have been made, at least 1
 * @param chance a random number from 0 up to 1
 */
export function backoff(attempts: number, { first, most }: BackoffOptions, chance: number): number {
  const whole = Math.min(most, first * 2 ** (attempts - 1))
  return Math.round(whole * (0.5 + chance / 2))
}
