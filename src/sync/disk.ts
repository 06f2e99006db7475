import { roomName } from '#conversation/rooms.ts'
import type { FeedPage, FeedRow } from '#conversation/rows.ts'
import type { Named } from '#conversation/summary.ts'

/**
 * What a device keeps besides the documents themselves (those are y-indexeddb's). Every method is one transaction, and
 * has happened when its promise resolves. Tabs of one principal share a disk.
 */
export interface Disk {
  /** `memory`: what is put here is gone with the tab. */
  readonly storage: 'kept' | 'memory'

  /** The rows of the outbox, in order. */
  outbox(): Promise<OutboxRow[]>
  /** Adds a row at the end; with `instead`, that row goes in the same transaction. Resolves with it as it stands. */
  addRow(row: NewRow, instead?: string): Promise<OutboxRow>
  /** Writes rows that are there already; one that has gone meanwhile stays gone. */
  changeRows(rows: OutboxRow[]): Promise<void>
  removeRows(ids: string[]): Promise<void>
  /**
   * Removes rows whose entries are stamped. Their room becomes a suspect (below) until the next connection: it may be
   * one to a database that was put back from just before, and the feed may not have told of these yet.
   */
  settleRows(room: string, ids: string[]): Promise<void>

  /** The generation of a room's document on this device, from 0; remembers that the room has a document here. */
  generation(room: string): Promise<number>
  /**
   * Gives a room's document up for a fresh one: adds the rows whose ids the outbox lacks before the room's others, and
   * moves the generation on from `from`, unless another tab has done so.
   */
  nextGeneration(room: string, from: number, rows: NewRow[]): Promise<{ generation: number; added: OutboxRow[] }>
  /** Rooms whose copy here may be of a history that is over (restored, or erased from), until it has synced again. */
  suspects(): Promise<string[]>
  /** The room's copy has synced, and so is the relay's. */
  cleared(room: string): Promise<void>
  /** The copies that were given up and may still be on the disk; `forgetCopies` says that they are gone. */
  oldCopies(): Promise<{ room: string; generations: number[] }[]>
  forgetCopies(room: string, below: number): Promise<void>
  /** Every room that has, or had, a document here, with its generations. */
  allCopies(): Promise<{ room: string; generations: number[] }[]>

  feed(): Promise<{ rows: FeedRow[]; cursor: number | null }>
  /**
   * Rows and cursor together. A page that the disk's cursor lies outside of changes nothing: another tab's did. In the
   * same transaction the copies that it casts doubt on become suspects: all of them if everything begins anew, else
   * those of conversations that something was erased from.
   */
  putFeed(step: FeedStep): Promise<void>

  markers(): Promise<LocalMarker[]>
  putMarker(marker: LocalMarker): Promise<void>
  removeMarker(conversation: string): Promise<void>

  close(): void
  /** Closes and deletes it. */
  wipe(): Promise<void>
}

/** An own entry on its way to the relay. */
export interface OutboxRow {
  /** The entry's id. */
  id: string
  /** The room's name. */
  room: string
  /** The entry: canonical JSON. */
  text: string
  /** The writer's clock, ms since 1970. */
  writtenAt: number
  /** The place among all rows; ascending is the order of writing. */
  order: number
  /** The entry that it names, without its words (they may be erased): the reducer needs it for rows of the inbox. */
  target: Named | null
  /** Why the relay refused it; then it is never sent again by itself. */
  refused: string | null
  /** Taken from a copy that was given up; whether the relay has it already is known after the next sync. */
  recovered: boolean
}
export type NewRow = Omit<OutboxRow, 'order'>

/** A page of the feed, and where it goes on from. */
export interface FeedStep extends Pick<FeedPage, 'rows' | 'cursor'> {
  /** The cursor before it: the page holds what changed in `(from, cursor]`. Null: everything, in place of what is kept. */
  from: number | null
}

/** How far this principal has read on this device, as long as the relay has not said the same. */
export interface LocalMarker {
  conversation: string
  entry: string
  /** The entry's stamp index in the thread. */
  index: number
  /** How many visitor messages the thread held up to that entry. */
  read: number
}

/** The rooms of a conversation that a row casts doubt on, seeing the row that was there before. */
export function doubtfulRooms(row: FeedRow, before: FeedRow | undefined): string[] {
  if (row.kind !== 'conversation' || row.erased === undefined) return []
  if (before?.kind === 'conversation' && before.erased === row.erased) return []
  return (['thread', 'team'] as const).map((kind) => roomName({ kind, conversation: row.id }))
}

/** The order of a new last row: after all others, and after what an earlier disk may have held. */
export function orderAfter(last: number | null, writtenAt: number): number {
  return Math.max(writtenAt, (last ?? 0) + 1)
}

/** The rows of a given-up copy that the outbox lacks, placed before the room's others. */
export function placedBefore(room: string, existing: OutboxRow[], rows: NewRow[]): OutboxRow[] {
  const known = new Set(existing.map((row) => row.id))
  const missing = rows.filter((row) => !known.has(row.id))
  const first = existing.find((row) => row.room === room)?.order ?? orderAfter(existing.at(-1)?.order ?? null, 0)
  // Fractions, so that rows of other rooms keep their places.
  return missing.map((row, index) => ({ ...row, order: first - 1 + (index + 1) / (missing.length + 1) }))
}
