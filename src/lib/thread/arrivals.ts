import { plainText } from '#conversation/body.ts'
import type { Principal } from '#conversation/ids.ts'
import type { TimelineItem } from '#conversation/view.ts'

/** The newest stamp's time on a timeline; 0 without one. Stamps are in order, and what has none stands last. */
export function newestAt(timeline: readonly TimelineItem[]): number {
  return timeline.findLast(({ stamp }) => stamp !== null)?.stamp?.at ?? 0
}

/** What others have written since a time, as lines to be read out: `Grace: Hello`. */
export function arrivedSince(
  timeline: readonly TimelineItem[],
  since: number,
  me: Principal,
  line: (by: Principal, words: string) => string,
): { id: string; words: string }[] {
  const before = timeline.findLastIndex(({ stamp }) => stamp !== null && stamp.at <= since)
  return timeline.slice(before + 1).flatMap((item) => {
    if (item.type === 'event' || item.stamp === null || item.by === me) return []
    return { id: item.id, words: line(item.by, plainText(item.body)) }
  })
}
