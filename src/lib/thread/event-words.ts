import type { Entry } from '#conversation/entries.ts'
import type { Person } from '#conversation/names.ts'
import type { Principal } from '#conversation/ids.ts'
import type { EventItem } from '#conversation/view.ts'

/** Who somebody is, in this conversation. */
export type PersonOf = (principal: Principal) => Person

/** One event as one line. `link` is the page that an opening happened on. */
export interface EventWords {
  text: string
  link?: { href: string; text: string }
  /** Something that the team should look at. */
  warns?: boolean
}

/** What the muted line of an event says; a new kind of event must find its words here. */
export function eventWords({ by, event }: EventItem, person: PersonOf): EventWords {
  const who = subject(person(by))
  switch (event.is) {
    case 'opened':
      return event.page.url === ''
        ? { text: `${who} opened the chat` }
        : {
            text: `${who} opened the chat on`,
            link: { href: event.page.url, text: event.page.title || event.page.url },
          }
    case 'identified':
      return { text: identifiedWords(event, person(by)) }
    case 'closed':
      return { text: event.reason === 'visitor' ? `${who} ended the chat` : `${who} closed the conversation` }
    case 'void-close':
      return event.why === 'closed-already'
        ? { text: `${who} closed this too; it was closed already` }
        : { text: `${who} closed this while offline; newer messages had arrived, so it stays open` }
    case 'reopened':
      return { text: `A new message from ${object(person(by))} opened the conversation again` }
    case 'assigned':
      return { text: assignedWords(event, person(by), person) }
    case 'rated':
      return { text: `${who} gave ${event.score} of 5${event.text === undefined ? '' : `: “${event.text}”`}` }
    case 'transcript':
      return transcriptWords(event.status, event.to, event.error)
    case 'too-late':
      return {
        text: `${who} ${event.change === 'edited' ? 'changed' : 'took back'} a message too late; it stays as it was`,
      }
    case 'refused':
      return { text: `Not accepted: ${REFUSED[event.kind] ?? event.kind}`, warns: true }
    case 'erased':
      return { text: ERASED[event.was] }
    case 'unknown':
      return { text: `${who} did something that this version of Parley does not know (${event.named})` }
  }
}

const ERASED: Record<Extract<EventItem['event'], { is: 'erased' }>['was'], string> = {
  message: 'A message was erased',
  edited: 'A change was erased',
  retracted: 'A change was erased',
  identified: 'The visitor’s details were erased',
  rated: 'A rating was erased',
  transcript: 'The record of a transcript was erased',
  comment: 'A note was erased',
}

const REFUSED: Partial<Record<Entry['kind'], string>> = {
  edited: 'a change to a message',
  retracted: 'a message taken back',
  closed: 'closing the conversation',
}

function assignedWords(event: { to: Principal | null; from: Principal | null }, by: Person, person: PersonOf): string {
  const who = subject(by)
  if (event.to === null) {
    const from = event.from === null ? null : person(event.from)
    if (from === null) return `${who} unassigned this`
    return from.principal === by.principal ? `${who} let go of this` : `${who} took this from ${object(from)}`
  }
  if (event.to === by.principal) return `${who} took this`
  return `${who} assigned this to ${object(person(event.to))}`
}

function transcriptWords(status: 'sent' | 'failed' | 'no-address', to: string | null, error?: string): EventWords {
  switch (status) {
    case 'sent':
      return { text: `The transcript went to ${to ?? 'the visitor'}` }
    case 'failed':
      return { text: `The transcript to ${to ?? 'the visitor'} failed${error ? `: ${error}` : ''}`, warns: true }
    case 'no-address':
      return { text: 'No transcript was sent: the visitor left no e-mail address' }
  }
}

function subject(person: Person): string {
  return person.own ? 'You' : person.name
}

function object(person: Person): string {
  return person.own ? 'you' : person.name
}

function identifiedWords(
  { name, email, phone }: Extract<EventItem['event'], { is: 'identified' }>,
  by: Person,
): string {
  const told = [name, email, phone].filter((value) => value !== undefined).join(', ')
  if (by.role !== 'visitor') return `${subject(by)} noted: ${told}`
  // By now their name is what they have just told: "Grace left Grace" would say nothing.
  return name === undefined ? `The visitor left ${told}` : `The visitor introduced themselves: ${told}`
}
