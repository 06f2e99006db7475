import { ApiError } from './errors.ts'

/** How much of something one key may do: `burst` at once, and one more each `everyMs`. */
export interface Rate {
  burst: number
  everyMs: number
}

export interface Bucket {
  /** Takes one. Returns 0, or how many ms to wait until there is one again. */
  take(key: string): number
  /** Gives one back: what was done does not count. */
  giveBack(key: string): void
}

interface Level {
  tokens: number
  at: number
}

/** The most keys a bucket remembers. Beyond, the one unused for longest is forgotten (and starts full again). */
const MAX_KEYS = 20_000

/** A token bucket per key, in the memory of this process. */
export function createBucket({ burst, everyMs }: Rate, now: () => number, maxKeys = MAX_KEYS): Bucket {
  // A Map keeps insertion order, and every use inserts anew: its first key is the one unused for longest.
  const levels = new Map<string, Level>()

  const levelOf = (key: string): Level => {
    const known = levels.get(key)
    const at = now()
    if (known === undefined) return { tokens: burst, at }
    // A clock may be set back.
    return { tokens: Math.min(burst, known.tokens + Math.max(0, at - known.at) / everyMs), at }
  }
  const put = (key: string, level: Level): void => {
    levels.delete(key)
    levels.set(key, level)
    const oldest = levels.keys().next()
    if (levels.size > maxKeys && oldest.done !== true) levels.delete(oldest.value)
  }

  return {
    take(key) {
      const level = levelOf(key)
      const wait = level.tokens >= 1 ? 0 : Math.ceil((1 - level.tokens) * everyMs)
      put(key, wait === 0 ? { ...level, tokens: level.tokens - 1 } : level)
      return wait
    },
    giveBack(key) {
      const level = levelOf(key)
      put(key, { ...level, tokens: Math.min(burst, level.tokens + 1) })
    },
  }
}

/** The limits of this server, each with its own buckets. */
export interface Limits {
  signInByAddress: Bucket
  signInByAccount: Bucket
  /** Visitors that an address makes. */
  newVisitors: Bucket
  /** Sessions that a known visitor asks for. */
  visitorSessions: Bucket
}

/** The limits with rates that people do not meet: an office behind one address, a page that is reloaded often. */
export function createLimits(now: () => number): Limits {
  return {
    signInByAddress: createBucket({ burst: 30, everyMs: 10_000 }, now),
    signInByAccount: createBucket({ burst: 10, everyMs: 30_000 }, now),
    newVisitors: createBucket({ burst: 60, everyMs: 5_000 }, now),
    visitorSessions: createBucket({ burst: 60, everyMs: 2_000 }, now),
  }
}

/** Takes one from a bucket, or throws `too-many`, saying when to come again. */
export function take(bucket: Bucket, key: string): void {
  const wait = bucket.take(key)
  if (wait === 0) return
  const seconds = Math.ceil(wait / 1000)
  throw new ApiError('too-many', `Too many tries. Wait ${seconds} s and try again.`, { 'retry-after': `${seconds}` })
}
