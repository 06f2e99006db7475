import type { Principal } from '#conversation/ids.ts'
import { roomName } from '#conversation/rooms.ts'
import type { Summary } from '#conversation/summary.ts'
import type { LedgerStore, StoredEntry } from '../port.ts'
import { createAppend } from './append.ts'
import type { Sql } from './database.ts'
import type { Sync } from './promised.ts'

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
export function createLedgers(sql: Sql, newId: (now: number) => string): Sync<LedgerStore> {
  const { build } = sql
  const document = sql.prepare<{ id: number; epoch: number; next: number }>(
    'SELECT id, epoch, next FROM documents WHERE name = ?',
  )
  const clients = sql.prepare<{ client: number; clock: number; principal: Principal }>(CLIENTS)
  const entries = sql.prepare<StoredEntry>(
    `SELECT seq, at, id, client, clock, by, text FROM entries
     WHERE document = (SELECT id FROM documents WHERE name = ?) AND seq >= ? ORDER BY seq`,
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
          epoch: row?.epoch ?? 0,
          next: row?.next ?? 0,
          clients: new Map(known.map(({ client, clock, principal }) => [client, { clock, principal }])),
        }
      }),
    entries: (room, from) => entries.all(roomName(room), from),
    idsAt: (room, places) =>
      sql.read(() => {
        const row = document.get(roomName(room))
        if (row === undefined) return places.map(() => null)
        return places.map(({ client, clock }) => idAt.get(row.id, client, clock)?.id ?? null)
      }),
    append: createAppend(sql, newId),
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
  }
}
