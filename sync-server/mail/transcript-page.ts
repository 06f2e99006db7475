import type { Principal } from '#conversation/ids.ts'
import type { ConversationView, MessageItem } from '#conversation/view.ts'
import { oneLine } from './escape.ts'
import type { MailTexts } from './texts/index.ts'

/** A message written so long before its stamp tells both times, in ms. */
const WRITTEN_EARLIER = 60_000

export interface TranscriptInput {
  /** The fold of the thread; comments are no part of what is given here. */
  view: ConversationView
  inbox: { name: string; color: string }
  /** What the reader knows somebody as. */
  nameOf(principal: Principal): string
  texts: MailTexts
  /** The reader's, of the texts' language: for dates. */
  locale: string
  /** An IANA time zone; it is named in the transcript. */
  zone: string
}

/** What both forms of a transcript show, in words; everything in it is text and still to be escaped. */
export interface TranscriptPage {
  subject: string
  locale: string
  title: string
  color: string
  facts: { label: string; value: string; link: string | null }[]
  zone: string
  days: { name: string; messages: TranscriptMessage[] }[]
  empty: string
  footer: string
}

export interface TranscriptMessage {
  author: string
  visitor: boolean
  time: string
  /** `edited`, `written at ...`. */
  notes: string[]
  body: MessageItem['body']
}

/**
 * What a transcript says: every message in the order of its stamps, as it was last edited, without those retracted.
 * @throws RangeError if the zone is unknown
 */
export function transcriptPage(input: TranscriptInput): TranscriptPage {
  const { view, texts, locale } = input
  const format = createFormat(locale, input.zone)
  const inbox = oneLine(input.inbox.name, 80)
  const began = view.opened?.stamp?.at ?? null
  const subject = began === null ? texts.heading({ inbox }) : texts.subject({ inbox, date: format.date(began) })
  return {
    subject: oneLine(subject, 150),
    locale,
    title: texts.heading({ inbox }),
    color: input.inbox.color,
    facts: factsOf(view, texts, began === null ? null : `${format.day(began)}, ${format.time(began)}`),
    zone: texts.zone({ zone: input.zone }),
    days: daysOf(input, format),
    empty: texts.empty({}),
    footer: texts.footer({ inbox }),
  }
}

function factsOf(view: ConversationView, texts: MailTexts, began: string | null): TranscriptPage['facts'] {
  const facts: TranscriptPage['facts'] = []
  if (began !== null) facts.push({ label: texts.began({}), value: began, link: null })
  const page = view.opened?.page
  if (page !== undefined && page.url !== '') {
    const title = oneLine(page.title, 100)
    const url = oneLine(page.url, page.url.length)
    facts.push({ label: texts.page({}), value: title === '' ? url : `${title} (${url})`, link: page.url })
  }
  return facts
}

function daysOf({ view, nameOf, texts }: TranscriptInput, format: Format): TranscriptPage['days'] {
  const days: TranscriptPage['days'] = []
  for (const item of view.timeline) {
    if (item.type !== 'message' || item.retracted || item.stamp === null || item.refused !== null) continue
    const { at } = item.stamp
    const name = format.day(at)
    if (days.at(-1)?.name !== name) days.push({ name, messages: [] })
    days.at(-1)?.messages.push({
      author: oneLine(nameOf(item.by), 100),
      visitor: item.by.startsWith('visitor:'),
      time: format.time(at),
      notes: notesOf(item, at, texts, format),
      body: item.body,
    })
  }
  return days
}

function notesOf(item: MessageItem, at: number, texts: MailTexts, format: Format): string[] {
  const notes: string[] = []
  if (at - item.writtenAt > WRITTEN_EARLIER) {
    const sameDay = format.day(item.writtenAt) === format.day(at)
    const time = format.time(item.writtenAt)
    notes.push(texts.written_at({ time: sameDay ? time : `${time}, ${format.date(item.writtenAt)}` }))
  }
  if (item.edited !== null) notes.push(texts.edited({}))
  return notes
}

interface Format {
  /** `Thursday, 9 October 2025` */
  day(at: number): string
  /** `9 Oct 2025` */
  date(at: number): string
  /** `08:53` */
  time(at: number): string
}

function createFormat(locale: string, timeZone: string): Format {
  const formatter = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const day = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const date = formatter({ day: 'numeric', month: 'short', year: 'numeric' })
  const time = formatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return { day: (at) => day.format(at), date: (at) => date.format(at), time: (at) => time.format(at) }
}
