import type { Summary } from './summary.ts'

/**
 * The feed's rows: what the inbox shows without opening a conversation. The server is their one writer, so they are no
 * CRDT: each row carries the version at which it last changed, and a device asks for what is newer than it has.
 */

/** A conversation's line in the inbox. */
export interface ConversationRow {
  kind: 'conversation'
  id: string
  version: number
  summary: Summary
  /** The version at which something in it was last erased: copies that are older hold what they must not. */
  erased?: number
}

/** Somebody of the team. */
export interface AgentRow {
  kind: 'agent'
  /** The agent's ULID; the principal is `agent:<id>`. */
  id: string
  version: number
  name: string
  email: string
  role: 'admin' | 'agent'
  /** A colour name of the design (ui/avatar), or null. */
  avatar: string | null
  active: boolean
}

/** A website's channel. */
export interface InboxRow {
  kind: 'inbox'
  /** The inbox's key. */
  id: string
  version: number
  name: string
}

/** How far the principal who asks has read in a conversation's thread; on all devices of theirs. */
export interface MarkerRow {
  kind: 'marker'
  /** The conversation's id. */
  id: string
  version: number
  /** The furthest entry of the thread seen. */
  entry: string
  /** How many visitor messages the thread held up to that entry: unread = summary.visitorMessages - read. */
  read: number
}

/** A row is gone, or out of reach for who asks. */
export interface Tombstone {
  kind: 'gone'
  of: 'conversation' | 'agent' | 'inbox' | 'marker'
  id: string
  version: number
}

export type FeedRow = ConversationRow | AgentRow | InboxRow | MarkerRow | Tombstone

/** What a `rows` frame carries. */
export interface FeedPage {
  /** Ascending by version. */
  rows: FeedRow[]
  /** This page begins everything anew: what was given before is of a database that was replaced by an older copy. */
  anew?: true
  /** Ask (or are told) from here on next: every row up to this version has been given. */
  cursor: number
  /** Whether another page follows by itself; false: what comes next is live. */
  more: boolean
}
