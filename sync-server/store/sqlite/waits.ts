import type { Wait } from '../port.ts'
import { waitsOf, type Turn } from '../waits.ts'
import type { Sql } from './database.ts'

/** How much is read, so that reading never holds the server up: conversations, and of each the last messages. */
const MOST = { conversations: 200, turns: 50 }

/** Two indexes do it: conversations of an inbox by version, and entries by their place. Nothing is kept for it. */
export function createWaits(sql: Sql) {
  const threads = sql.prepare<{ id: number }>(
    `SELECT d.id FROM (SELECT id, last_at FROM conversations WHERE inbox = ? ORDER BY version DESC LIMIT ${MOST.conversations}) AS c
     JOIN documents AS d ON d.name = 'conversation/' || c.id || '/thread' WHERE c.last_at >= ?`,
  )
  const turns = sql.prepare<Turn>(
    `SELECT kind, by, at FROM entries WHERE document = ? AND kind IN ('message', 'closed')
     ORDER BY seq DESC LIMIT ${MOST.turns}`,
  )
  return (inbox: string, since: number): Wait[] =>
    sql.read(() =>
      threads.all(inbox, since).flatMap(({ id }) => {
        const last = turns.all(id)
        return waitsOf(last.toReversed(), last.length < MOST.turns, since)
      }),
    )
}
