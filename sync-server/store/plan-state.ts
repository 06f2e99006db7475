import type { Entry } from '#conversation/entries.ts'
import type { Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import type { Summary } from '#conversation/summary.ts'
import type { AppendResult, Span, StoredEntry, TranscriptJob } from './port.ts'

/** What goes into a plan (plan.ts) and what comes out. */

/** A conversation as it stands; absent from the state if it does not exist. */
export interface ConversationState {
  summary: Summary
  /** The version at which something in it was last erased. */
  erased: number | null
  /** The last stamp's time over both ledgers. */
  lastAt: number
}

/** A ledger document as it stands; absent from the state if nothing was ever stored in it. */
export interface LedgerState {
  /** Of its last span. */
  epoch: number
  next: number
  /** The Yjs clients that the updates use, and maybe others. */
  clients: ReadonlyMap<number, ClientState>
  /** The stored ones among the entries that the updates bring or name, by id. */
  entries: ReadonlyMap<string, StoredEntry>
}

/** How far a Yjs client has got in a ledger document, and whose it is. */
export interface ClientState {
  clock: number
  principal: Principal
}

/** All that the verdicts need, as the engine read it under its lock. */
export interface PlanState {
  /** The feed's last version. */
  version: number
  /** The version at which the store was opened: the epoch of what is stamped from now on. */
  run: number
  conversations: ReadonlyMap<string, ConversationState>
  /** By room name. */
  ledgers: ReadonlyMap<string, LedgerState>
}

/** An entry to insert. */
export interface PlannedEntry {
  /** The room's name. */
  room: string
  kind: Entry['kind']
  row: StoredEntry
}

/** A conversation that changed. */
export interface PlannedConversation extends ConversationState {
  version: number
  isNew: boolean
}

/** A ledger that changed; `span` is there if this is the first that was stamped in its epoch, from there on. */
export interface PlannedLedger {
  /** Its name. */
  name: string
  room: Room
  epoch: number
  next: number
  isNew: boolean
  span: Span | null
}

/** What to write, all of it in the transaction that the state was read in. */
export interface Plan {
  results: AppendResult[]
  entries: PlannedEntry[]
  /** Each with its new version, ascending. */
  conversations: PlannedConversation[]
  ledgers: PlannedLedger[]
  jobs: PlannedJob[]
  /** The feed's version afterwards. */
  version: number
}

export interface PlannedJob {
  key: string
  kind: 'transcript'
  payload: TranscriptJob
}

/** The effects a plan needs: server time in ms, and fresh ULIDs. */
export interface PlanEffects {
  now: number
  newId(): string
}
