import { roleOf, type Principal } from '#conversation/ids.ts'
import type { CommentItem, EventItem, MessageItem, TimelineItem } from '#conversation/view.ts'

/** Something that somebody wrote. What one author writes in one go stands together, messages or comments, never both. */
export interface MessageRow {
  row: 'message'
  key: string
  by: Principal
  /** Visitors where a line begins, the team where it ends. */
  side: 'visitor' | 'team'
  /** The first in one go: it says who writes, and when. */
  begins: boolean
  item: MessageItem | CommentItem
}

/** The thread from top to bottom. Keys are stable, so that nothing is drawn anew when a stamp arrives. */
export type Row =
  | { row: 'day'; key: string; at: number }
  | { row: 'unread'; key: string }
  | { row: 'event'; key: string; item: EventItem }
  | MessageRow

/** A longer silence than this ends writing in one go, in ms. */
const PAUSE = 5 * 60_000

/** When an item happened: its stamp; for what is only on this device, when it was written. */
export function timeOf(item: TimelineItem): number {
  return item.stamp?.at ?? item.writtenAt
}

/**
 * Lays a timeline out: day dividers, one divider before the first unread message, and who begins to write.
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
  const goesOn = last?.row === 'message' && last.by === item.by && last.item.type === item.type && silence <= PAUSE
  const side = roleOf(item.by) === 'visitor' ? 'visitor' : 'team'
  rows.push({ row: 'message', key: item.id, by: item.by, side, begins: !goesOn, item })
}

/**
 * The first visitor message after as many as were read: where the unread divider stands. Null: there is none (yet).
 * Counted from the beginning, because the newest ones may not have arrived.
 */
export function firstUnread(timeline: readonly TimelineItem[], read: number): string | null {
  let left = read
  for (const item of timeline) {
    if (isVisitorMessage(item) && left-- === 0) return item.id
  }
  return null
}

/** How many messages of the visitor there are, retracted and erased ones included, as summaries count them. */
export function visitorMessages(timeline: readonly TimelineItem[]): number {
  return timeline.filter(isVisitorMessage).length
}

function isVisitorMessage(item: TimelineItem): boolean {
  const isMessage =
    item.type === 'message' || (item.type === 'event' && item.event.is === 'erased' && item.event.was === 'message')
  return isMessage && item.stamp !== null && roleOf(item.by) === 'visitor'
}

/** How many messages and comments of others stand after an entry; 0 if that is not on the timeline. */
export function countAfter(timeline: readonly TimelineItem[], entry: string, me: Principal): number {
  const at = timeline.findLastIndex(({ id }) => id === entry)
  return at === -1 ? 0 : timeline.slice(at + 1).filter((item) => item.type !== 'event' && item.by !== me).length
}

/** How far an entry of the thread reaches, as a stamp index; -1 if the timeline does not show it. */
export function indexInThread(timeline: readonly TimelineItem[], entry: string): number {
  const item = timeline.find((each) => each.id === entry)
  return item === undefined || item.type === 'comment' ? -1 : (item.stamp?.index ?? -1)
}
