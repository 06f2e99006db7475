import { plainText } from './body.ts'
import type { Closed, Edited, Entry, Retracted } from './entries.ts'
import { roleOf, type Principal } from './ids.ts'
import type { LedgerKind } from './rooms.ts'

/**
 * The inbox's line about a conversation, kept entry by entry. The relay reduces in the storing transaction, the device
 * over its outbox; both give what a summary of the whole fold would give (SPEC S1).
 */

/** How long after a message its visitor may still change it, in ms between the stamps. */
export const VISITOR_EDIT_WINDOW = 5 * 60_000
/** The longest text of a summary's last words, in UTF-16 units. */
const LAST_WORDS = 160

/** The relay's record that an entry is stored. */
export interface Stamp {
  /** The place in the order of acceptance of its document, from 0. */
  index: number
  /** Server time in ms since 1970, strictly increasing over both ledger documents of a conversation. */
  at: number
}

/** An entry with its id, in the place that its stamp gives it. */
export interface Stamped<E = Entry> {
  id: string
  ledger: LedgerKind
  entry: E
  stamp: Stamp
}

/** An entry that another one names, as far as the reducer looks at it: its words are no part of that. */
export type Named = Stamped<Pick<Entry, 'kind' | 'by'>>

/** A conversation's line in the inbox. All times are stamps, in ms since 1970. */
export interface Summary {
  id: string
  inbox: string
  visitor: Principal
  status: 'open' | 'closed'
  createdAt: number
  /** The stamp of the last thread entry that a list would sort by: opened, message, valid close. */
  activeAt: number
  name: string | null
  email: string | null
  phone: string | null
  page: { url: string; title: string }
  locale: string
  assignee: Principal | null
  /** The last message; its text is empty if it was retracted or erased. */
  last: { entry: string; by: Principal; text: string; at: number; retracted: boolean } | null
  /** The visitor's last message: what a close must have seen. */
  lastVisitorMessage: { entry: string; index: number; at: number } | null
  /** Counts of messages, retracted and erased ones included. */
  visitorMessages: number
  agentMessages: number
  /** How many entries of each ledger have been reduced: the next stamp index. */
  next: { thread: number; team: number }
}

/**
 * Whether a close counts: the conversation is open, and no visitor message is stamped between the entry that the close
 * names in `seen` and the close itself (SPEC F3). `seenIndex` is that entry's stamp index, or -1 if the close names
 * none, or none stamped before it.
 */
export function closeIsValid(status: Summary['status'], lastVisitorIndex: number | null, seenIndex: number): boolean {
  return status === 'open' && (lastVisitorIndex ?? -1) <= seenIndex
}

/** Whether an edit or a retraction counts: it is its author's own, and a visitor's came in time (SPEC F5). */
export function changeCounts(change: Edited | Retracted, changedAt: number, target: Named | undefined): boolean {
  if (target === undefined || target.entry.kind !== 'message' || target.entry.by !== change.by) return false
  return roleOf(change.by) !== 'visitor' || changedAt - target.stamp.at <= VISITOR_EDIT_WINDOW
}

/** The id that an entry names and whose stamp the reducer needs: the edited, the retracted, the seen one. */
export function targetOf(entry: Entry): string | null {
  switch (entry.kind) {
    case 'edited':
    case 'retracted':
      return entry.entry
    case 'closed':
      return entry.seen
    default:
      return null
  }
}

/**
 * The summary after one more entry. Entries of a document come in stamp order, thread and team interleaved as they
 * may; an entry that the summary already holds changes nothing. Before `opened` there is no summary.
 *
 * @param id the conversation's id
 * @param target the entry that `targetOf(stamped.entry)` names, if it is stamped in the same document
 */
export function reduce(
  id: string,
  summary: Summary | null,
  stamped: Stamped,
  target: Named | undefined,
): Summary | null {
  const { entry, stamp, ledger } = stamped
  if (summary === null) return entry.kind === 'opened' ? start(id, stamped, entry) : null
  if (stamp.index < summary.next[ledger]) return summary
  const base: Summary = { ...summary, next: { ...summary.next, [ledger]: stamp.index + 1 } }
  switch (entry.kind) {
    case 'message':
      return spoke(base, stamped, plainText(entry.body).slice(0, LAST_WORDS), false)
    case 'erased':
      // Somebody spoke, whatever it was: status, counts and order stay what they were (SPEC F11).
      return entry.was === 'message' ? spoke(base, stamped, '', true) : base
    case 'edited':
    case 'retracted':
      return changeLast(base, entry, stamp, target)
    case 'closed':
      return closes(base, entry, target, stamp) ? { ...base, status: 'closed', activeAt: stamp.at } : base
    case 'identified':
      return {
        ...base,
        name: entry.name ?? base.name,
        email: entry.email ?? base.email,
        phone: entry.phone ?? base.phone,
      }
    case 'assigned':
      return { ...base, assignee: entry.to }
    default:
      return base
  }
}

function start(id: string, { stamp }: Stamped, opened: Extract<Entry, { kind: 'opened' }>): Summary {
  return {
    id,
    inbox: opened.inbox,
    visitor: opened.by,
    status: 'open',
    createdAt: stamp.at,
    activeAt: stamp.at,
    name: null,
    email: null,
    phone: null,
    page: { url: opened.page.url, title: opened.page.title },
    locale: opened.locale,
    assignee: null,
    last: null,
    lastVisitorMessage: null,
    visitorMessages: 0,
    agentMessages: 0,
    next: { thread: stamp.index + 1, team: 0 },
  }
}

function spoke(base: Summary, { id, entry, stamp }: Stamped, text: string, retracted: boolean): Summary {
  const last = { entry: id, by: entry.by, text, at: stamp.at, retracted }
  const moved = { ...base, last, activeAt: stamp.at }
  if (roleOf(entry.by) !== 'visitor') return { ...moved, agentMessages: base.agentMessages + 1 }
  return {
    ...moved,
    status: 'open',
    visitorMessages: base.visitorMessages + 1,
    lastVisitorMessage: { entry: id, index: stamp.index, at: stamp.at },
  }
}

function changeLast(base: Summary, change: Edited | Retracted, stamp: Stamp, target: Named | undefined): Summary {
  const { last } = base
  if (last === null || last.entry !== change.entry || last.retracted) return base
  if (!changeCounts(change, stamp.at, target)) return base
  const text = change.kind === 'edited' ? plainText(change.body).slice(0, LAST_WORDS) : ''
  return { ...base, last: { ...last, text, retracted: change.kind === 'retracted' } }
}

/**
 * The summary of all stamped entries of a conversation, from the first on. Each ledger's come in the order of its
 * stamps; null without `opened`.
 */
export function summarise(id: string, entries: readonly Stamped[]): Summary | null {
  const places = new Map(entries.map((each) => [`${each.ledger}/${each.id}`, each]))
  let summary: Summary | null = null
  for (const each of entries) {
    summary = reduce(id, summary, each, places.get(`${each.ledger}/${targetOf(each.entry) ?? ''}`))
  }
  return summary
}

/** Whether this close, at this place, closes the conversation that the summary tells of. */
export function closes(summary: Summary, close: Closed, target: Named | undefined, stamp: Stamp): boolean {
  const seenIndex =
    close.seen !== null && target !== undefined && target.stamp.index < stamp.index ? target.stamp.index : -1
  return closeIsValid(summary.status, summary.lastVisitorMessage?.index ?? null, seenIndex)
}
