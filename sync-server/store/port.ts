import type { Facts } from '#conversation/access.ts'
import type { Entry } from '#conversation/entries.ts'
import type { Hours } from '#conversation/hours.ts'
import type { Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import type { ConversationRow, FeedPage, FeedRow, InboxRow, MarkerRow } from '#conversation/rows.ts'
import type { Summary } from '#conversation/summary.ts'

/**
 * The store: a port with engines behind it that pass one contract suite (tests/contract). A method is a transaction.
 * Times are ms since 1970. A method that the engine cannot carry out rejects; nothing is half done.
 */
export interface Store extends LedgerStore, FeedStore, AccountStore, VisitorStore, JobStore {
  /** Finishes what is under way and lets go of the files. */
  close(): Promise<void>
}

// Ledgers ------------------------------------------------------------------------------------------------------------

/** Who asks, as access decisions need it. */
export type Asker = Facts['asker']

/**
 * A stretch of a document's stamps, from an index on: they travel under the Yjs client EPOCH_CLIENT + epoch. An epoch
 * is a number that no other history of the document has: the run of the store that stamped it, or the version at
 * which something was erased.
 */
export interface Span {
  epoch: number
  from: number
}

/** What the relay must know of a ledger document to judge and to stamp; its entries stay in the store. */
export interface LedgerHead {
  conversation: { id: string; inbox: string; visitor: Principal }
  /** Ascending, the first from 0; none before the first entry. */
  spans: Span[]
  /** How many entries are stamped: the next index. */
  next: number
  /** For each Yjs client id in the document: the next clock, and the principal it belongs to. */
  clients: Map<number, { clock: number; principal: Principal }>
}

/** One entry of an update, judged well-formed by the gate. */
export interface NewEntry {
  /** The Yjs client id and clock that it travels under; a clock of null (SERVER_CLIENT only) is given by the store. */
  client: number
  clock: number | null
  id: string
  /** Canonical JSON, and what it parses to. */
  text: string
  entry: Entry
}

/** One update: stored whole, or not at all. */
export interface Append {
  room: Room
  principal: Principal
  asker: Asker
  /** At least one; of one client each run in clock order. */
  entries: NewEntry[]
}

/** An entry as it is stored. */
export interface StoredEntry {
  /** The place in the order of acceptance: the stamp's index. */
  seq: number
  /** The stamp's time. */
  at: number
  id: string
  client: number
  clock: number
  by: Principal
  text: string
}

export type AppendResult =
  /** All of its entries are stamped in this epoch. */
  | { status: 'stored'; epoch: number; entries: StoredEntry[] }
  /** Every id was there already with the same text and principal, and the server appended it: nothing to do. */
  | { status: 'known' }
  /** A clock is ahead of the store's (an update before it was refused): drop it, and ask with sync step 1. */
  | { status: 'ahead' }
  /** The device's copy is stale (4409): its client id or its entry belongs to another copy. */
  | { status: 'stale'; reason: string }
  /** An entry may not be stored (4422); the reason starts with its id. */
  | { status: 'refused'; reason: string }

/** What one transaction did. */
export interface Commit {
  /** One for each update handed in, in that order. */
  results: AppendResult[]
  /**
   * Rows whose summary changed, with their new versions, ascending. A conversation without a message is no row yet:
   * agents see it from its first message on.
   */
  rows: ConversationRow[]
  /** Whether jobs were written: the runner may look at once. */
  jobs: boolean
}

export type Erasure =
  /** `row`: the conversation's line, if agents see it. */
  | { status: 'erased'; entries: string[]; row: ConversationRow | null }
  | { status: 'known' }
  | { status: 'missing' }
  /** Nothing of this kind can be erased; one line for people. */
  | { status: 'refused'; reason: string }

export interface LedgerStore {
  /** The head of a ledger, or null if its conversation does not exist. */
  head(room: Room): Promise<LedgerHead | null>
  /** Entries with `seq >= from`, ascending: at most `limit`, or all. */
  entries(room: Room, from: number, limit?: number): Promise<StoredEntry[]>
  /** The ids under these (client, clock) pairs, in order; null where there is none. */
  idsAt(room: Room, places: { client: number; clock: number }[]): Promise<(string | null)[]>
  /**
   * Stores a batch of updates in one transaction: entries with their stamps (`at = max(now, last + 1)` over both
   * ledgers of the conversation), summaries with the next feed version, and one transcript job for each valid close
   * that asks for it. Clocks, ids, targets and access are checked again here, where several nodes agree; an update
   * that fails is refused alone.
   */
  append(updates: Append[], now: number): Promise<Commit>
  /**
   * Erases an entry: its words, and those of all that repeats them (erasure.ts), leave rows, summary and files. Who
   * wrote it and when stays. The document gets a new epoch, so that every copy of it is given up, and the row a new
   * version. Erasing what is erased changes nothing.
   */
  erase(room: Room, entry: string): Promise<Erasure>
  /** A conversation's summary, or null. */
  summary(conversation: string): Promise<Summary | null>
  /** A visitor's conversations, newest first. */
  conversationsOf(visitor: Principal): Promise<Summary[]>
  /**
   * How long visitors of an inbox waited for a person, for answers from that time on. Of conversations that changed
   * lately, and their last messages: what it costs does not grow with the inbox.
   */
  waits(inbox: string, since: number): Promise<Wait[]>
}

/** From a visitor's first message that nobody had answered, to an agent's: stamps, in ms since 1970. */
export interface Wait {
  asked: number
  answered: number
}

// Feed and read markers ----------------------------------------------------------------------------------------------

export interface FeedStore {
  /**
   * Rows newer than the cursor that this agent may see, at most `limit`, ascending by version. A cursor that this
   * history of the database never gave (it was restored from a backup) counts as 0, and the page says `anew`.
   */
  feed(agent: Principal, cursor: number, limit: number): Promise<FeedPage>
  /**
   * Moves a principal's marker in a room ahead to an entry. Null if it names no entry, or was as far already.
   * For an agent in a thread the changed row comes back.
   */
  markSeen(principal: Principal, room: Room, entry: string): Promise<{ seq: number; row: MarkerRow | null } | null>
  /** How far each principal has read in a room: the entry and its index. */
  markers(room: Room): Promise<Map<Principal, { entry: string; seq: number }>>
}

// Accounts -----------------------------------------------------------------------------------------------------------

export interface Agent {
  id: string
  email: string
  name: string
  role: 'admin' | 'agent'
  /** An argon2 hash in PHC form; null: cannot sign in with a password. */
  passwordHash: string | null
  avatar: string | null
  active: boolean
}

export interface Session {
  /** Lucia's session id, a secret. */
  id: string
  agent: string
  /** When it ends, ms since 1970. */
  expiresAt: number
}

export interface Inbox {
  /** The key in the script tag. */
  id: string
  name: string
  /** Origins that may embed the widget, as CSP source expressions: `https://example.com`, `http://localhost:*`. */
  origins: string[]
  /** The address that transcripts come from; null: the workspace's MAIL_FROM. */
  fromAddress: string | null
  /** What the widget greets with. */
  greeting: string
  /** The widget's colour, `#rrggbb`, and side. */
  color: string
  side: 'left' | 'right'
  /** Null: always open. */
  hours: Hours | null
}

/** An inbox as it is stored, with the version at which it last changed. */
export interface StoredInbox extends Inbox {
  version: number
}

export interface AccountStore {
  /** Creates or replaces an agent (by id); the e-mail address is unique whatever its case. Returns the feed row. */
  putAgent(agent: Agent): Promise<FeedRow>
  agent(id: string): Promise<Agent | null>
  agentByEmail(email: string): Promise<Agent | null>
  agents(): Promise<Agent[]>
  /** Creates or replaces an inbox (by id). */
  putInbox(inbox: Inbox): Promise<InboxRow>
  /** Replaces an inbox that is still of this version. Null: somebody changed it meanwhile, and nothing is done. */
  changeInbox(inbox: Inbox, version: number): Promise<InboxRow | null>
  inbox(id: string): Promise<StoredInbox | null>
  inboxes(): Promise<StoredInbox[]>
  /**
   * Makes an agent a member of exactly these inboxes. The rows of those gained get new versions, those lost leave
   * tombstones for this agent; the same holds when `putAgent` changes the role.
   */
  setMemberships(agent: string, inboxes: string[]): Promise<void>
  /** The inboxes an agent is a member of, and whether it is an administrator (reaches all). */
  reach(agent: string): Promise<{ admin: boolean; inboxes: Set<string> }>
  putSession(session: Session): Promise<void>
  session(id: string): Promise<Session | null>
  sessionsOf(agent: string): Promise<Session[]>
  deleteSession(id: string): Promise<void>
  deleteSessionsOf(agent: string): Promise<void>
  deleteExpiredSessions(now: number): Promise<void>
}

// Visitors -----------------------------------------------------------------------------------------------------------

export interface VisitorStore {
  /** Remembers a new visitor by the SHA-256 of its token (hex). */
  createVisitor(visitor: { id: string; inbox: string; tokenHash: string; createdAt: number }): Promise<void>
  visitorByTokenHash(tokenHash: string): Promise<{ id: string; inbox: string } | null>
}

// Jobs: a transactional outbox ---------------------------------------------------------------------------------------

/** Work to do once: written in the transaction that makes it necessary. */
export interface Job {
  /** Unique: a second one with the same key is the same job. `transcript/<close entry id>`. */
  key: string
  kind: 'transcript'
  payload: TranscriptJob
  /** How often it has been started, this time included. */
  attempts: number
}

export interface TranscriptJob {
  conversation: string
  /** The close's entry id. */
  close: string
  /** The stamp index of the close in the thread: the transcript holds what is stamped up to it. */
  upTo: number
  /** The id, made beforehand, of the `transcript` entry that tells the outcome: appending it twice changes nothing. */
  outcome: string
}

export interface JobStore {
  /** Takes the next job that is due, for `leaseMs`; nobody else gets it before that has passed. */
  leaseJob(owner: string, now: number, leaseMs: number): Promise<Job | null>
  /** The job is done. False if the lease is no longer the owner's. */
  finishJob(key: string, owner: string): Promise<boolean>
  /** Try again at that time; null: never (a dead letter). False if the lease is no longer the owner's. */
  retryJob(key: string, owner: string, runAt: number | null, error: string): Promise<boolean>
  /** When the next waiting job is due, or null if none waits. */
  nextJobAt(): Promise<number | null>
}
