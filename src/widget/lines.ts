import { roleOf, type Principal } from '#conversation/ids.ts'
import type { ConversationView, MessageItem, TimelineItem } from '#conversation/view.ts'

/**
 * From a conversation's view to the lines that a visitor reads: messages in groups, and of everything else only what
 * concerns them.
 */

export type Tick = 'waiting' | 'stored' | 'seen' | 'refused'

export interface MessageLine {
  type: 'message'
  item: MessageItem
  mine: boolean
  /** The stamp's time, or when it was written if there is no stamp yet; ms since 1970. */
  at: number
  /** For the visitor's own messages, else null. */
  tick: Tick | null
  /** First of a group: it says who speaks. */
  first: boolean
  /** Last of a group, or with another tick than the next: it says when, and what became of it. */
  last: boolean
}

export interface NoteLine {
  type: 'note'
  id: string
  at: number
  note:
    | { is: 'closed'; byVisitor: boolean }
    | { is: 'reopened' }
    | { is: 'reach'; email: string }
    | { is: 'transcript'; to: string }
    | { is: 'erased' }
    | { is: 'too-late'; change: 'edited' | 'retracted' }
    | { is: 'unknown' }
    | { is: 'refused'; reason: string }
}

export interface DayLine {
  type: 'day'
  id: string
  at: number
}

export type Line = MessageLine | NoteLine | DayLine

/** Messages of one author further apart than this stand in separate groups, in ms. */
const GROUP = 5 * 60_000

/** @param seen the last entry that the team has read, if any */
export function linesOf(view: ConversationView, seen: string | undefined): Line[] {
  const seenUpTo = placeOf(view.timeline, seen)
  // A chat that has ended says so where the composer was; the line above it would only say it twice.
  const lastClose = view.status === 'closed' ? view.timeline.findLastIndex(isClose) : -1
  // An address that was corrected is no longer where answers go.
  const lastAddress = view.timeline.findLastIndex((item) => addressIn(item) !== null)
  const lines: Line[] = []
  view.timeline.forEach((item, index) => {
    const stale = index === lastClose || (index !== lastAddress && addressIn(item) !== null)
    const line = stale ? null : lineOf(item, index <= seenUpTo)
    if (line === null) return
    const before = lines.at(-1)
    if (before === undefined || !sameDay(before.at, line.at))
      lines.push({ type: 'day', id: `day/${line.at}`, at: line.at })
    lines.push(line)
  })
  return grouped(lines)
}

function lineOf(item: TimelineItem, seen: boolean): MessageLine | NoteLine | null {
  const at = item.stamp?.at ?? item.writtenAt
  if (item.type === 'message') {
    const mine = roleOf(item.by) === 'visitor'
    return { type: 'message', item, mine, at, tick: mine ? tickOf(item, seen) : null, first: true, last: true }
  }
  if (item.type === 'comment') return null
  const note = noteOf(item)
  return note === null ? null : { type: 'note', id: item.id, at, note }
}

function noteOf({ event, by, refused }: Extract<TimelineItem, { type: 'event' }>): NoteLine['note'] | null {
  if (refused !== null) return { is: 'refused', reason: refused }
  switch (event.is) {
    case 'closed':
      return { is: 'closed', byVisitor: roleOf(by) === 'visitor' }
    case 'reopened':
      return { is: 'reopened' }
    case 'identified':
      return event.email === undefined ? null : { is: 'reach', email: event.email }
    case 'transcript':
      return event.status === 'sent' && event.to !== null ? { is: 'transcript', to: event.to } : null
    case 'erased':
      // What they told of themselves and was erased needs no line: it was theirs, and no talk.
      return event.was === 'message' ? { is: 'erased' } : null
    case 'unknown':
      return { is: 'unknown' }
    case 'too-late':
      return roleOf(by) === 'visitor' ? { is: 'too-late', change: event.change } : null
    default:
      // Where the chat began and what did not count is the team's business.
      return null
  }
}

function tickOf(item: MessageItem, seen: boolean): Tick {
  if (item.refused !== null) return 'refused'
  if (item.stamp === null) return 'waiting'
  return seen ? 'seen' : 'stored'
}

/** The e-mail address that this item gives, if it counts. */
function addressIn(item: TimelineItem): string | null {
  if (item.type !== 'event' || item.event.is !== 'identified' || item.refused !== null) return null
  return item.event.email ?? null
}

/** Whether the conversation was closed by this. */
export function isClose(item: TimelineItem): boolean {
  return item.type === 'event' && item.event.is === 'closed'
}

function placeOf(timeline: TimelineItem[], entry: string | undefined): number {
  return entry === undefined ? -1 : timeline.findIndex((item) => item.id === entry)
}

function grouped(lines: Line[]): Line[] {
  return lines.map((line, index) => {
    if (line.type !== 'message') return line
    const next = lines[index + 1]
    const first = !together(lines[index - 1], line)
    const last = !together(line, next) || (next?.type === 'message' && next.tick !== line.tick)
    return { ...line, first, last }
  })
}

function together(one: Line | undefined, other: Line | undefined): boolean {
  if (one?.type !== 'message' || other?.type !== 'message') return false
  return one.item.by === other.item.by && other.at - one.at < GROUP
}

function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString()
}

/** How many messages of the team come after the entry that the visitor has read; all of them if there is none. */
export function unreadAfter(view: ConversationView, read: string | undefined): number {
  const place = placeOf(view.timeline, read)
  return view.timeline.filter((item, index) => index > place && isFromTeam(item)).length
}

function isFromTeam(item: TimelineItem): boolean {
  return item.type === 'message' && !item.retracted && roleOf(item.by) !== 'visitor'
}

/** Who has written in this conversation for the team, latest first. */
export function answering(view: ConversationView): Principal[] {
  const authors = view.timeline.filter(isFromTeam).map((item) => item.by)
  return [...new Set(authors.reverse())]
}

/** The last entry on the timeline that is stored: what the visitor has seen when its end is on the screen. */
export function lastStamped(view: ConversationView): string | null {
  // The line `reopened` is derived: it has the id of no entry.
  const isEntry = (item: TimelineItem) => item.stamp !== null && item.refused === null && !item.id.includes('/')
  return view.timeline.findLast(isEntry)?.id ?? null
}
