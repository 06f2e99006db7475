import type { Body } from './body.ts'
import type { Closed, Entry, Erased, Identified, Opened, Rated, Transcript, UnknownEntry } from './entries.ts'
import type { Principal } from './ids.ts'
import type { LedgerKind } from './rooms.ts'
import type { Stamp } from './summary.ts'

/** An entry as the fold takes it. */
export interface FoldEntry {
  ledger: LedgerKind
  id: string
  entry: Entry | UnknownEntry
  /** Null: on this device alone, written in the order of the array. */
  stamp: Stamp | null
  /** Why the relay refused it, if it did: it is shown, and counts for nothing. */
  refused?: string | null
}

/** What a screen shows of a conversation: the result of the fold. All of it is plain data. */
export interface ConversationView {
  /** What `opened` said; null as long as it has not arrived. */
  opened: (Opened & { stamp: Stamp | null }) | null
  status: 'open' | 'closed'
  assignee: Principal | null
  contact: { name: string | null; email: string | null; phone: string | null }
  rating: { score: number; text: string | null } | null
  /** Stamped items by stamp time, thread and team merged; then what is not stamped yet, in the order of writing. */
  timeline: TimelineItem[]
  /** The last stamped thread entry: what a close or a message written now has seen. Null if none. */
  lastSeen: string | null
  /** The last agent message, unstamped ones included (bots do not count): the base of reply drafts. */
  base: string | null
}

interface Item {
  /** The entry's id. */
  id: string
  by: Principal
  /** The writer's clock when it was written. */
  writtenAt: number
  /** Null: on this device alone. */
  stamp: Stamp | null
  /** Set if the relay refused the entry: why. */
  refused: string | null
}

export interface MessageItem extends Item {
  type: 'message'
  body: Body
  /** The stamp time (or null: not stamped) of the edit that counts, if there is one. */
  edited: { at: number | null } | null
  /** Retracted: body is what it was; show only that there was something. */
  retracted: boolean
  /** Another agent whose message this one had not seen, for an agent's message that crossed it; else null. */
  crossed: Principal | null
}

export interface CommentItem extends Item {
  type: 'comment'
  body: Body
  mentions: Principal[]
}

export interface EventItem extends Item {
  type: 'event'
  event: TimelineEvent
}

export type TimelineEvent =
  | { is: 'opened'; page: Opened['page'] }
  | { is: 'identified'; name: Identified['name']; email: Identified['email']; phone: Identified['phone'] }
  | { is: 'closed'; reason: Closed['reason'] }
  /** A close that does not count: newer messages had arrived, or the conversation was closed already. */
  | { is: 'void-close'; why: 'newer-messages' | 'closed-already' }
  /** A visitor's message came after the close; stands right before that message. */
  | { is: 'reopened' }
  | { is: 'assigned'; to: Principal | null; from: Principal | null }
  | { is: 'rated'; score: Rated['score']; text: Rated['text'] }
  | { is: 'transcript'; to: Transcript['to']; status: Transcript['status']; error: Transcript['error'] }
  /** An edit or retraction that came too late to count. */
  | { is: 'too-late'; change: 'edited' | 'retracted'; entry: string }
  /** An administrator erased it. It has its author and its place, and no words. */
  | { is: 'erased'; was: Erased['was'] }
  | { is: 'unknown'; named: string }
  /** A close, an edit or a retraction that the relay refused, so that it neither counts nor is void. */
  | { is: 'refused'; kind: Entry['kind'] }

export type TimelineItem = MessageItem | CommentItem | EventItem
