import type { Principal } from '#conversation/ids.ts'
import { roomName } from '#conversation/rooms.ts'
import type { Summary } from '#conversation/summary.ts'
import type { Reached } from '#server/crash-points.ts'
import type { LedgerStore, Span, StoredEntry } from '../port.ts'
import { createAppend } from './append.ts'
import type { Sql } from './database.ts'
import { createErase } from './erase.ts'
import type { Sync } from './promised.ts'
import { Recall } from './recall.ts'
import { createWaits } from './waits.ts'

/**
 * The last clock of each client, by stepping through the index on (document, client, clock): its cost is the number
 * of clients, not of entries.
 */
const CLIENTS = `
  WITH RECURSIVE c (client) AS (
    SELECT min(client) FROM entries WHERE document = @document
    UNION ALL
    SELECT (SELECT min(client) FROM entries WHERE document = @document AND client > c.client) FROM c WHERE c.client IS NOT NULL
  )
  SELECT e.client, e.clock + 1 AS clock, e.by AS principal FROM c JOIN entries AS e ON e.document = @document
    AND e.client = c.client
    AND e.clock = (SELECT max(clock) FROM entries WHERE document = @document AND client = c.client)`

/** Ledgers: reading them, and appending to them (append.ts). */
export function createLedgers(sql: Sql, newId: (now: number) => string, reached: Reached): Sync<LedgerStore> {
  const { build } = sql
  const recall = new Recall()
  const document = sql.prepare<{ id: number; next: number }>('SELECT id, next FROM documents WHERE name = ?')
  const spans = sql.prepare<Span>('SELECT epoch, start AS "from" FROM spans WHERE document = ? ORDER BY start')
  const clients = sql.prepare<{ client: number; clock: number; principal: Principal }>(CLIENTS)
  const entries = sql.prepare<StoredEntry>(
    `SELECT seq, at, id, client, clock, by, text FROM entries
     WHERE document = (SELECT id FROM documents WHERE name = ?) AND seq >= ? ORDER BY seq LIMIT ?`,
  )
  const idAt = sql.prepare<{ id: string }>('SELECT id FROM entries WHERE document = ? AND client = ? AND clock = ?')
  const conversation = sql.prepare<{ summary: string }>('SELECT summary FROM conversations WHERE id = ?')

  const summary = (id: string): Summary | null => {
    const row = conversation.get(id)
    return row === undefined ? null : JSON.parse(row.summary)
  }

  return {
    head: (room) =>
      sql.read(() => {
        const of = summary(room.conversation)
        if (of === null) return null
        // A ledger that nobody has written in yet has no row.
        const row = document.get(roomName(room))
        const known = row === undefined ? [] : clients.all({ document: row.id })
        return {
          conversation: { id: of.id, inbox: of.inbox, visitor: of.visitor },
          spans: row === undefined ? [] : spans.all(row.id),
          next: row?.next ?? 0,
          clients: new Map(known.map(({ client, clock, principal }) => [client, { clock, principal }])),
        }
      }),
    // To SQLite, a negative limit is none.
    entries: (room, from, limit = -1) => entries.all(roomName(room), from, limit),
    idsAt: (room, places) =>
      sql.read(() => {
        const row = document.get(roomName(room))
        if (row === undefined) return places.map(() => null)
        return places.map(({ client, clock }) => idAt.get(row.id, client, clock)?.id ?? null)
      }),
    append: createAppend(sql, recall, newId, reached),
    erase: createErase(sql, recall),
    summary,
    conversationsOf: (visitor) =>
      sql
        .all(
          build
            .selectFrom('conversations')
            .select('summary')
            .where('visitor', '=', visitor)
            .orderBy('created_at', 'desc'),
        )
        .map((row) => JSON.parse(row.summary)),
    waits: createWaits(sql),
  }
}
