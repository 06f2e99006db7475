import { roleOf, type Principal } from '#conversation/ids.ts'
import type { CommentItem, EventItem, MessageItem, TimelineItem } from '#conversation/view.ts'

/** What one author wrote in one go: messages or comments, never both. */
export interface Group {
  row: 'group'
  key: string
  by: Principal
  /** Visitors where a line begins, the team where it ends. */
  side: 'visitor' | 'team'
  items: (MessageItem | CommentItem)[]
}

/** The thread from top to bottom. Keys are stable, so that nothing is drawn anew when a stamp arrives. */
export type Row =
  | { row: 'day'; key: string; at: number }
  | { row: 'unread'; key: string }
  | { row: 'event'; key: string; item: EventItem }
  | Group

/** A longer silence than this starts a new group, in ms. */
const PAUSE = 5 * 60_000

/** When an item happened: its stamp; for what is only on this device, when it was written. */
export function timeOf(item: TimelineItem): number {
  return item.stamp?.at ?? item.writtenAt
}

/**
 * Lays a timeline out: day dividers, one divider before the first unread message, and groups by author.
 *
 * @param unreadFrom the id of the first message that was unread when the thread was opened, or null
 * @param dayOf the start of the day that a time lies in (the browser's time zone)
 */
export function layOut(
  timeline: readonly TimelineItem[],
  unreadFrom: string | null,
  dayOf: (at: number) => number,
): Row[] {
  const rows: Row[] = []
  let day = Number.NEGATIVE_INFINITY
  let lastAt = 0
  for (const item of timeline) {
    // What is not stamped stands last, even if it was written before the day that stands above it.
    const at = Math.max(timeOf(item), item.stamp === null ? lastAt : 0)
    if (dayOf(at) > day) {
      day = dayOf(at)
      rows.push({ row: 'day', key: `day ${day}`, at })
    }
    if (item.id === unreadFrom) rows.push({ row: 'unread', key: 'unread' })
    place(rows, item, at - lastAt)
    lastAt = at
  }
  return rows
}

function place(rows: Row[], item: TimelineItem, silence: number): void {
  if (item.type === 'event') {
    rows.push({ row: 'event', key: item.id, item })
    return
  }
  const last = rows.at(-1)
  const goesOn = last?.row === 'group' && last.by === item.by && last.items[0]?.type === item.type && silence <= PAUSE
  if (goesOn) last.items.push(item)
  else {
    const side = roleOf(item.by) === 'visitor' ? 'visitor' : 'team'
    rows.push({ row: 'group', key: item.id, by: item.by, side, items: [item] })
  }
}

/** The first of the last `unread` stamped visitor messages: where the unread divider stands. Null: none is unread. */
export function firstUnread(timeline: readonly TimelineItem[], unread: number): string | null {
  if (unread <= 0) return null
  const messages = timeline.filter(
    (item) => item.type === 'message' && item.stamp !== null && roleOf(item.by) === 'visitor',
  )
  return messages.at(-Math.min(unread, messages.length))?.id ?? null
}

/** How far an entry of the thread reaches, as a stamp index; -1 if the timeline does not show it. */
export function indexInThread(timeline: readonly TimelineItem[], entry: string): number {
  const item = timeline.find((each) => each.id === entry)
  return item === undefined || item.type === 'comment' ? -1 : (item.stamp?.index ?? -1)
}
