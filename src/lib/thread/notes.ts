import type { TimelineItem } from '#conversation/view.ts'
import { m } from '#texts'
import { clockTime, dateAndTime, startOfDay } from '#ui/time.ts'

/** A stamp this much later than the writing means that the writer had no connection, in ms. */
const FAR = 60_000

/** `Written offline at 14:32`, if an entry reached the server long after it was written; else null. */
export function writtenNote(item: TimelineItem): string | null {
  if (item.stamp === null || item.stamp.at - item.writtenAt <= FAR) return null
  const sameDay = startOfDay(item.stamp.at) === startOfDay(item.writtenAt)
  return sameDay
    ? m.message_offline_at({ time: clockTime(item.writtenAt) })
    : m.message_offline_on({ date: dateAndTime(item.writtenAt) })
}
