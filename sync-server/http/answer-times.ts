import { expectationAt } from '#conversation/availability.ts'
import type { Store, StoredInbox } from '#server/store/port.ts'

/** How long answers took lately: what a visitor is told to expect. */
export interface AnswerTimes {
  /** The median of the last day, in ms, as {@link told} tells it; null: too few to say. Known for some minutes. */
  median(inbox: Pick<StoredInbox, 'id' | 'hours'>): Promise<number | null>
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** How long a number is good for. */
const KEPT = 5 * MINUTE
/** Of fewer, a median says little of what is to be expected, and something of one person's answer. */
const FEWEST = 5

/** What a visitor is told: times that people say, in minutes. */
const STEPS = [1, 2, 3, 4, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440]

/** Reckons at most once in five minutes for each inbox, whoever asks. */
export function createAnswerTimes({ store, now }: { store: Pick<Store, 'waits'>; now: () => number }): AnswerTimes {
  const known = new Map<string, { until: number; median: Promise<number | null> }>()

  const reckon = async ({ id, hours }: Pick<StoredInbox, 'id' | 'hours'>): Promise<number | null> => {
    const waits = await store.waits(id, now() - DAY)
    // Who wrote at night was told when it opens, and not to wait for an answer.
    const open = waits.filter(({ asked }) => expectationAt({ hours, medianAnswer: null }, asked).is === 'open')
    return told(open.map(({ asked, answered }) => answered - asked))
  }

  return {
    median(inbox) {
      const last = known.get(inbox.id)
      // A clock may be set back: what is good for longer than that is of another time.
      if (last !== undefined && last.until > now() && last.until <= now() + KEPT) return last.median
      const median = reckon(inbox)
      known.set(inbox.id, { until: now() + KEPT, median })
      median.catch(() => known.delete(inbox.id))
      return median
    },
  }
}

/**
 * The median of waits as it is told, both in ms: up to the next of a few steps, so that the promise is rather kept
 * than not, and that nobody can read a single answer from it. Null if there are too few.
 */
export function told(waits: readonly number[]): number | null {
  if (waits.length < FEWEST) return null
  const sorted = waits.toSorted((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  return (STEPS.find((step) => median <= step * MINUTE) ?? STEPS.at(-1) ?? 0) * MINUTE
}
