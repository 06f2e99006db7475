import { readEntry, type Entry } from '#conversation/entries.ts'
import { parseRoom } from '#conversation/rooms.ts'
import { reduce, targetOf, type Named, type Stamp, type Stamped, type Summary } from '#conversation/summary.ts'
import type { OutboxRow } from '#sync/disk.ts'
import { groupBy } from '#sync/group.ts'
import type { SettledRow } from '#sync/outbox.ts'

/**
 * Lays own entries over the inbox's lines, with the reducer that the relay runs: what is not stamped yet gets the stamp
 * that it would get now. A settled row has its real stamp, so the reducer skips it as soon as the feed has caught up.
 */
export class Overlay {
  readonly #parsed = new Map<string, Entry | null>()
  #byConversation = new Map<string, (OutboxRow | SettledRow)[]>()

  /** The rows to lay over: own entries in order of writing, settled ones first. */
  set(rows: readonly (OutboxRow | SettledRow)[]): void {
    // Recovered rows may be in the summary already, and refused ones never will be.
    const counted = rows.filter((row) => row.refused === null && !row.recovered)
    this.#byConversation = groupBy(counted, (row) => parseRoom(row.room)?.conversation ?? '')
    const ids = new Set(rows.map((row) => row.id))
    for (const id of this.#parsed.keys()) if (!ids.has(id)) this.#parsed.delete(id)
  }

  /** Whether an own entry of the conversation still waits for its stamp. */
  waits(conversation: string): boolean {
    return this.#byConversation.get(conversation)?.some((row) => !('stamp' in row)) ?? false
  }

  /** The summary as it would be with the own entries in it. */
  over(summary: Summary): Summary {
    const rows = this.#byConversation.get(summary.id)
    if (rows === undefined) return summary
    const laid = new Map<string, Named>()
    let result = summary
    for (const row of rows) {
      const stamped = this.#stamped(row, result)
      if (stamped === null) continue
      const target = targetOf(stamped.entry)
      const known = target === null ? undefined : (laid.get(target) ?? row.target ?? undefined)
      laid.set(row.id, stamped)
      result = reduce(summary.id, result, stamped, known) ?? result
    }
    return result
  }

  #stamped(row: OutboxRow | SettledRow, summary: Summary): Stamped | null {
    const ledger = parseRoom(row.room)?.kind
    const entry = this.#parse(row)
    if (ledger === undefined || entry === null) return null
    const next: Stamp = { index: summary.next[ledger], at: Math.max(row.writtenAt, summary.activeAt + 1) }
    return { id: row.id, ledger, entry, stamp: 'stamp' in row ? row.stamp : next }
  }

  #parse(row: OutboxRow): Entry | null {
    const known = this.#parsed.get(row.id)
    if (known !== undefined) return known
    const ledger = parseRoom(row.room)?.kind
    const entry = ledger === undefined ? null : readEntry(ledger, row.text)
    const parsed = entry?.kind === 'unknown' ? null : entry
    this.#parsed.set(row.id, parsed)
    return parsed
  }
}
