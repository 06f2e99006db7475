import { accessTo, type Facts } from './access.ts'
import type { Body } from './body.ts'
import { canonicalText } from './canonical.ts'
import { parseEntry, type Entry } from './entries.ts'
import { createUlid, type Ids, type Principal } from './ids.ts'
import type { LedgerKind, Room } from './rooms.ts'
import { targetOf } from './summary.ts'
import type { ConversationView } from './view.ts'

/**
 * The only writers of entries. Each checks all that the relay's gate will check, and throws a CommandError before
 * anything is written.
 */

/** Who writes, and with what clock and randomness. */
export interface Author {
  by: Principal
  asker: Facts['asker']
  ids: Ids
}

/** The conversation that is written in, as its author sees it. */
export interface Talk {
  id: string
  view: ConversationView
}

/** An entry that has passed every check and may be appended. */
export interface Written {
  id: string
  room: Room
  /** Canonical JSON: what is stored and what travels. */
  text: string
  entry: Entry
}

/** An entry that would be refused; the message is one line for people. */
export class CommandError extends Error {
  override name = 'CommandError'
}

type Draft = Entry extends infer E ? (E extends Entry ? Omit<E, 'by' | 'at'> : never) : never

/** A visitor's first entry of a new conversation. */
export function open(
  author: Author,
  talk: Talk,
  from: { inbox: string; page: { url: string; title: string; referrer: string }; locale: string },
): Written {
  const { url, title, referrer } = from.page
  const page = { url: url.slice(0, 2048), title: title.slice(0, 300), referrer: referrer.slice(0, 2048) }
  return write(author, talk, 'thread', { kind: 'opened', inbox: from.inbox, page, locale: from.locale.slice(0, 35) })
}

/** A message to the other side; it says what its author had on the screen. */
export function message(author: Author, talk: Talk, body: Body): Written {
  const seen = talk.view.lastSeen
  return write(author, talk, 'thread', { kind: 'message', channel: 'chat', body, ...(seen === null ? {} : { seen }) })
}

/** New words for a message of one's own. */
export function edit(author: Author, talk: Talk, entry: string, body: Body): Written {
  return write(author, talk, 'thread', { kind: 'edited', entry, body })
}

/** Takes a message of one's own back. */
export function retract(author: Author, talk: Talk, entry: string): Written {
  return write(author, talk, 'thread', { kind: 'retracted', entry })
}

/** Tells who the visitor is and where an answer can reach them; at least one of the three. */
export function identify(author: Author, talk: Talk, who: { email?: string; name?: string; phone?: string }): Written {
  return write(author, talk, 'thread', { kind: 'identified', ...who })
}

/** Closes what is on the author's screen: newer messages of the visitor make it void. */
export function close(author: Author, talk: Talk, transcript: 'auto' | 'no' = 'auto'): Written {
  const reason = author.asker.role === 'visitor' ? 'visitor' : 'agent'
  return write(author, talk, 'thread', { kind: 'closed', seen: talk.view.lastSeen, reason, transcript })
}

/** The visitor's verdict, 1 to 5. */
export function rate(author: Author, talk: Talk, score: number, text?: string): Written {
  return write(author, talk, 'thread', { kind: 'rated', score, ...(text === undefined ? {} : { text }) })
}

/** A note among agents; the visitor's socket never carries it. */
export function comment(author: Author, talk: Talk, body: Body, mentions: Principal[]): Written {
  return write(author, talk, 'team', { kind: 'comment', body, mentions })
}

/** Hands the conversation to somebody, or to nobody. */
export function assign(author: Author, talk: Talk, to: Principal | null): Written {
  return write(author, talk, 'team', { kind: 'assigned', to, from: talk.view.assignee })
}

function write(author: Author, talk: Talk, ledger: LedgerKind, draft: Draft): Written {
  const room: Room = { kind: ledger, conversation: talk.id }
  const { kind, ...rest } = draft
  const text = canonicalText({ kind, by: author.by, at: author.ids.now(), ...rest })
  const parsed = parseEntry(ledger, text)
  if (!parsed.ok) throw new CommandError(parsed.reason)
  const decision = accessTo(author.by, room, factsOf(author, talk, parsed.entry), parsed.entry)
  if (!decision.allow) throw new CommandError(decision.reason)
  return { id: createUlid(author.ids), room, text, entry: parsed.entry }
}

function factsOf(author: Author, { view }: Talk, entry: Entry): Facts {
  const target = entry.kind === 'closed' ? null : targetOf(entry)
  const item = view.timeline.find((each) => each.id === target && each.type === 'message')
  return {
    asker: author.asker,
    conversation: view.opened === null ? null : { inbox: view.opened.inbox, visitor: view.opened.by },
    target: item === undefined ? undefined : { kind: 'message', by: item.by },
  }
}
