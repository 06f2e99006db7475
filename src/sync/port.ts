import type { Body } from '#conversation/body.ts'
import type { Principal } from '#conversation/ids.ts'
import type { AgentRow, ConversationRow, InboxRow } from '#conversation/rows.ts'
import type { ConversationView } from '#conversation/view.ts'
import type { PeerPresence } from '#conversation/wire.ts'

/**
 * The device side of sync, as inbox and widget use it. Nothing here knows Svelte: every value has a `subscribe` that
 * calls back after a change, and a getter that gives an immutable value (a new object after each change).
 */

/** Called after something changed; returns the function that ends it. */
export type Subscribe = (listener: () => void) => () => void

/** The state of the one connection, truthfully. */
export interface ConnectionState {
  /** `live`: frames have come within the last seconds. `offline`: the next try is at `retryAt`. */
  state: 'connecting' | 'live' | 'offline' | 'signed-out' | 'refused'
  /** Own entries that are not stamped yet. */
  waiting: number
  /** Own entries that the relay refused, kept for the person to decide. */
  refused: number
  /** `memory`: this browser keeps nothing (private mode, blocked or full storage). */
  storage: 'kept' | 'memory'
  /** When the next try is, ms since 1970; null unless offline. */
  retryAt: number | null
}

export interface Device {
  readonly principal: Principal
  readonly connection: ConnectionState
  subscribeConnection: Subscribe
  /** Tries to connect at once. */
  tryNow(): void

  /** Agents only: the feed's rows, with the outbox laid over them. */
  readonly inbox: InboxRows
  subscribeInbox: Subscribe

  /** Joins a conversation; refcounted, so every `open` wants one `close`. */
  open(conversation: string): OpenConversation

  /** Stops all loops and closes the socket; what is on the disk stays. */
  close(): Promise<void>
  /** Closes and deletes everything that this principal has on this device. */
  wipe(): Promise<void>
}

/** The feed's rows as this device knows them. */
export interface InboxRows {
  /** Whether a first page has ever arrived (from the disk or the relay). */
  loaded: boolean
  /** By `summary.activeAt`, newest first; `unread` counts visitor messages that this agent has not seen. */
  conversations: (ConversationRow & { unread: number; waiting: boolean })[]
  agents: ReadonlyMap<string, AgentRow>
  inboxes: ReadonlyMap<string, InboxRow>
}

export interface OpenConversation {
  readonly id: string
  /** Fold over the documents and this device's outbox. */
  readonly view: ConversationView
  /** `loading`: nothing known yet, neither from the disk nor from the relay. `gone`: 4403 or 4404. */
  readonly state: 'loading' | 'offline' | 'synced' | 'gone'
  /** Everybody else in the thread (for agents: in thread or team). */
  readonly peers: PeerPresence[]
  /** How far others have read the thread, by principal; for a visitor the one key is `team`. Values are entry ids. */
  readonly seen: Readonly<Record<string, string>>
  subscribe: Subscribe

  /**
   * The writers. Each commits to the outbox before it resolves, and resolves with the entry's id. They throw a
   * `CommandError` if the entry would be refused (empty, too long, not allowed), before anything is written.
   */
  readonly write: Writers
  setTyping(typing: 'reply' | 'comment' | null): void
  /** Somebody is looking at the thread up to this entry. */
  markSeen(entry: string): void
  /** A refused entry: append it again, under a new id; or let go of it for good. */
  retry(entry: string): Promise<void>
  discard(entry: string): Promise<void>
  close(): void
}

export interface Writers {
  /** Visitors: the first entry of a new conversation. */
  open(from: { inbox: string; page: { url: string; title: string; referrer: string }; locale: string }): Promise<string>
  message(body: Body): Promise<string>
  edit(entry: string, body: Body): Promise<string>
  retract(entry: string): Promise<string>
  identify(who: { email?: string; name?: string; phone?: string }): Promise<string>
  /** Closes what is on the screen: `seen` is the view's `lastSeen`. */
  close(): Promise<string>
  rate(score: number, text?: string): Promise<string>
  comment(body: Body, mentions: Principal[]): Promise<string>
  assign(to: Principal | null): Promise<string>
}
