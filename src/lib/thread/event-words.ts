import type { Principal } from '#conversation/ids.ts'
import type { Person } from '#conversation/names.ts'
import type { EventItem } from '#conversation/view.ts'
import { cut, m } from '#texts'
import { assignedWords } from './assigned-words.ts'

/** Who somebody is, in this conversation. */
export type PersonOf = (principal: Principal) => Person

type Event<Is extends EventItem['event']['is']> = Extract<EventItem['event'], { is: Is }>

/** One event as one line. */
export interface EventWords {
  text: string
  /** The page that an opening happened on; `after` is what the language says after it. */
  link?: { href: string; text: string; after: string }
  /** Something that the team should look at. */
  warns?: boolean
}

/** What the muted line of an event says; a new kind of event must find its words here. */
export function eventWords({ by, event }: EventItem, person: PersonOf): EventWords {
  const author = person(by)
  const { name: who, own } = author
  switch (event.is) {
    case 'opened':
      return openedWords(event, who)
    case 'identified':
      return { text: identifiedWords(event, author) }
    case 'closed':
      if (event.reason === 'visitor') return { text: m.event_ended({ who }) }
      return { text: own ? m.event_closed_own() : m.event_closed({ who }) }
    case 'void-close':
      if (event.why === 'closed-already') {
        return { text: own ? m.event_closed_too_own() : m.event_closed_too({ who }) }
      }
      return { text: own ? m.event_closed_void_own() : m.event_closed_void({ who }) }
    case 'reopened':
      return { text: m.event_reopened({ who }) }
    case 'assigned':
      return { text: assignedWords(event, author, person) }
    case 'rated': {
      const { score, text: words } = event
      return { text: words === undefined ? m.event_rated({ who, score }) : m.event_rated_words({ who, score, words }) }
    }
    case 'transcript':
      return transcriptWords(event.status, event.to, event.error)
    case 'too-late':
      return { text: tooLateWords(event, author) }
    case 'refused':
      return { text: REFUSED[event.kind]?.() ?? m.event_refused({ kind: event.kind }), warns: true }
    case 'erased':
      return { text: ERASED[event.was]() }
    case 'unknown':
      return { text: own ? m.event_unknown_own({ kind: event.named }) : m.event_unknown({ who, kind: event.named }) }
  }
}

const ERASED: Record<Event<'erased'>['was'], () => string> = {
  message: () => m.event_erased_message(),
  edited: () => m.event_erased_change(),
  retracted: () => m.event_erased_change(),
  identified: () => m.event_erased_details(),
  rated: () => m.event_erased_rating(),
  transcript: () => m.event_erased_transcript(),
  comment: () => m.event_erased_comment(),
}

const REFUSED: Partial<Record<Event<'refused'>['kind'], () => string>> = {
  edited: () => m.event_refused_edit(),
  retracted: () => m.event_refused_take_back(),
  closed: () => m.event_refused_close(),
}

function openedWords({ page }: Event<'opened'>, who: string): EventWords {
  if (page.url === '') return { text: m.event_opened({ who }) }
  const parts = cut(m.event_opened_on, ['who', 'page'])
  const at = parts.findIndex((part, index) => index % 2 === 1 && part === 'page')
  const words = (some: string[], from: number) =>
    some.map((part, index) => ((from + index) % 2 === 1 ? who : part)).join('')
  const link = { href: page.url, text: page.title || page.url, after: words(parts.slice(at + 1), at + 1) }
  return { text: words(parts.slice(0, at), 0), link }
}

function transcriptWords(status: 'sent' | 'failed' | 'no-address', to: string | null, error?: string): EventWords {
  switch (status) {
    case 'sent':
      return { text: to === null ? m.event_transcript_sent() : m.event_transcript_sent_to({ to }) }
    case 'failed':
      return { text: failedWords(to, error ?? ''), warns: true }
    case 'no-address':
      return { text: m.event_transcript_no_address() }
  }
}

function failedWords(to: string | null, reason: string): string {
  if (to === null) {
    return reason === '' ? m.event_transcript_failed() : m.event_transcript_failed_because({ reason })
  }
  return reason === '' ? m.event_transcript_failed_to({ to }) : m.event_transcript_failed_to_because({ to, reason })
}

function tooLateWords({ change }: Event<'too-late'>, { own, name: who }: Person): string {
  if (change === 'edited') return own ? m.event_edited_late_own() : m.event_edited_late({ who })
  return own ? m.event_taken_back_late_own() : m.event_taken_back_late({ who })
}

function identifiedWords({ name, email, phone }: Event<'identified'>, by: Person): string {
  const told = [name, email, phone].filter((value) => value !== undefined).join(', ')
  if (by.role !== 'visitor') return by.own ? m.event_noted_own({ told }) : m.event_noted({ who: by.name, told })
  // By now their name is what they have just told: "Grace left Grace" would say nothing.
  return name === undefined ? m.event_left({ told }) : m.event_introduced({ told })
}
