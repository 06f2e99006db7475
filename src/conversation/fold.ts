import type { Closed, Edited, Erased, Message, Retracted } from './entries.ts'
import { roleOf, type Principal } from './ids.ts'
import type { LedgerKind } from './rooms.ts'
import { changeCounts, closeIsValid, type Stamp, type Stamped } from './summary.ts'
import { eventItem, itemOf, messageItem } from './timeline.ts'
import type { ConversationView, FoldEntry, MessageItem, TimelineEvent } from './view.ts'

/**
 * The fold: from a conversation's entries to what a screen shows. Pure, and the same on every device for the same
 * stamped entries, whatever the order in which they arrived (SPEC F1).
 */

/** Folds the entries of both ledgers (or of the thread alone: a visitor has no other). */
export function fold(entries: readonly FoldEntry[]): ConversationView {
  const { stamped, pending } = inOrder(entries)
  const folding = new Folding()
  for (const each of stamped) folding.take(each)
  for (const each of pending) folding.take(each)
  return folding.view
}

/**
 * Stamped entries by stamp time, which merges thread and team into one timeline; then the unstamped in the order
 * given. An entry that is in the document and still in the outbox is one entry, and its stamp wins.
 */
function inOrder(entries: readonly FoldEntry[]): { stamped: FoldEntry[]; pending: FoldEntry[] } {
  const stamped = new Map<string, FoldEntry>()
  const pending = new Map<string, FoldEntry>()
  for (const each of entries) {
    const key = `${each.ledger}/${each.id}`
    if (each.stamp !== null) stamped.set(key, each)
    else if (!pending.has(key) || each.refused != null) pending.set(key, each)
  }
  for (const key of stamped.keys()) pending.delete(key)
  return {
    stamped: [...stamped.values()].sort((a, b) => (a.stamp?.at ?? 0) - (b.stamp?.at ?? 0)),
    pending: [...pending.values()],
  }
}

/** A message on the timeline, and its place in the thread's order. */
interface Placed {
  item: MessageItem
  stamped: Stamped
}

class Folding {
  readonly view: ConversationView = {
    opened: null,
    status: 'open',
    assignee: null,
    contact: { name: null, email: null, phone: null },
    rating: null,
    timeline: [],
    lastSeen: null,
    base: null,
  }
  /** The stamp, or for what is unstamped the place it would get if it were stamped now. */
  readonly #places = new Map<string, Stamp>()
  readonly #messages = new Map<string, Placed>()
  readonly #agentMessages: { index: number; by: Principal }[] = []
  readonly #next: Record<LedgerKind, number> = { thread: 0, team: 0 }
  #lastAt = 0
  #lastVisitorIndex: number | null = null

  take(given: FoldEntry): void {
    const { entry } = given
    if (given.refused != null) return this.#show(given)
    const stamp = given.stamp ?? { index: this.#next[given.ledger], at: Math.max(this.#lastAt + 1, entry.at) }
    this.#next[given.ledger] = stamp.index + 1
    this.#lastAt = stamp.at
    if (given.ledger === 'thread') {
      this.#places.set(given.id, stamp)
      if (given.stamp !== null) this.view.lastSeen = given.id
    }
    switch (entry.kind) {
      case 'opened':
        this.view.opened = { ...entry, stamp: given.stamp }
        return this.#tell(given, { is: 'opened', page: entry.page })
      case 'message':
        return this.#message(given, entry, stamp)
      case 'edited':
      case 'retracted':
        return this.#change(given, entry, stamp)
      case 'closed':
        return this.#close(given, entry)
      case 'identified': {
        const { name, email, phone } = entry
        const { contact } = this.view
        this.view.contact = { name: name ?? contact.name, email: email ?? contact.email, phone: phone ?? contact.phone }
        return this.#show(given)
      }
      case 'rated':
        this.view.rating = { score: entry.score, text: entry.text ?? null }
        return this.#show(given)
      case 'assigned':
        this.view.assignee = entry.to
        return this.#show(given)
      case 'erased':
        return this.#erased(given, entry, stamp)
      default:
        return this.#show(given)
    }
  }

  #message(given: FoldEntry, entry: Message, stamp: Stamp): void {
    const item = messageItem(given, entry)
    if (roleOf(entry.by) === 'agent') {
      const seen = this.#indexOf(entry.seen ?? null)
      item.crossed = this.#agentMessages.findLast((each) => each.index > seen && each.by !== entry.by)?.by ?? null
    }
    this.#spoke(given, entry.by, stamp)
    this.#messages.set(given.id, { item, stamped: { id: given.id, ledger: given.ledger, entry, stamp } })
    this.view.timeline.push(item)
  }

  /** What follows from somebody's having written, whatever the words were: it outlives their erasure (SPEC F11). */
  #spoke(given: FoldEntry, by: Principal, { index }: Stamp): void {
    const role = roleOf(by)
    if (role === 'visitor') {
      if (this.view.status === 'closed') {
        this.view.status = 'open'
        this.#tell({ ...given, id: `${given.id}/reopened` }, { is: 'reopened' })
      }
      this.#lastVisitorIndex = index
    } else if (role === 'agent') {
      this.#agentMessages.push({ index, by })
      this.view.base = given.id
    }
  }

  #erased(given: FoldEntry, { by, was }: Erased, stamp: Stamp): void {
    // A change to an erased message is gone with it: one line says so.
    if (was === 'edited' || was === 'retracted') return
    if (was === 'message') this.#spoke(given, by, stamp)
    this.#show(given)
  }

  #change(given: FoldEntry, entry: Edited | Retracted, stamp: Stamp): void {
    const target = this.#messages.get(entry.entry)
    if (target === undefined || target.item.by !== entry.by) return
    if (!changeCounts(entry, stamp.at, target.stamped)) {
      return this.#tell(given, { is: 'too-late', change: entry.kind, entry: entry.entry })
    }
    if (target.item.retracted) return
    if (entry.kind === 'retracted') target.item.retracted = true
    else {
      target.item.body = entry.body
      target.item.edited = { at: given.stamp?.at ?? null }
    }
  }

  #close(given: FoldEntry, entry: Closed): void {
    if (closeIsValid(this.view.status, this.#lastVisitorIndex, this.#indexOf(entry.seen))) {
      this.view.status = 'closed'
      return this.#tell(given, { is: 'closed', reason: entry.reason })
    }
    this.#tell(given, { is: 'void-close', why: this.view.status === 'closed' ? 'closed-already' : 'newer-messages' })
  }

  /** The place of the entry that a later one says it had seen; -1 if none stands before it. */
  #indexOf(entry: string | null): number {
    return entry === null ? -1 : (this.#places.get(entry)?.index ?? -1)
  }

  #show(given: FoldEntry): void {
    this.view.timeline.push(itemOf(given))
  }

  #tell(given: FoldEntry, event: TimelineEvent): void {
    this.view.timeline.push(eventItem(given, event))
  }
}
