import { roleOf, type Principal } from '#conversation/ids.ts'
import { roomName, type Room } from '#conversation/rooms.ts'
import type { MarkerRow } from '#conversation/rows.ts'
import type { FeedStore } from '../port.ts'
import type { Sql } from './database.ts'
import type { Sync } from './promised.ts'

interface Marker {
  seq: number
  read: number
}

/** Read markers: how far each principal has read, which only moves ahead. */
export function createMarkers(sql: Sql): Sync<Pick<FeedStore, 'markSeen' | 'markers'>> {
  const place = sql.prepare<{ document: number; seq: number }>(
    `SELECT document, seq FROM entries WHERE document = (SELECT id FROM documents WHERE name = ?) AND id = ?`,
  )
  const current = sql.prepare<Marker>('SELECT seq, read FROM markers WHERE document = ? AND principal = ?')
  // Counts only what lies between the old place and the new one, however long the thread is.
  const newlyRead = sql.prepare<{ count: number }>(
    `SELECT count(*) AS count FROM entries
     WHERE document = ? AND seq > ? AND seq <= ? AND by LIKE 'visitor:%'
       AND (kind = 'message' OR kind = 'erased' AND text ->> 'was' = 'message')`,
  )
  const move = sql.prepare(
    `INSERT INTO markers (principal, document, entry, seq, read, version) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (document, principal) DO UPDATE SET
       entry = excluded.entry, seq = excluded.seq, read = excluded.read, version = excluded.version`,
  )
  const all = sql.prepare<{ principal: Principal; entry: string; seq: number }>(
    'SELECT principal, entry, seq FROM markers WHERE document = (SELECT id FROM documents WHERE name = ?)',
  )

  return {
    markSeen: (principal: Principal, room: Room, entry: string) =>
      sql.write(() => {
        const to = place.get(roomName(room), entry)
        if (to === undefined) return null
        const from = current.get(to.document, principal) ?? { seq: -1, read: 0 }
        if (to.seq <= from.seq) return null
        const read = from.read + (newlyRead.get(to.document, from.seq, to.seq)?.count ?? 0)
        const version = room.kind === 'thread' && roleOf(principal) === 'agent' ? sql.nextVersion() : null
        move.run(principal, to.document, entry, to.seq, read, version)
        const row: MarkerRow | null =
          version === null ? null : { kind: 'marker', id: room.conversation, version, entry, read }
        return { seq: to.seq, row }
      }),
    markers: (room) => new Map(all.all(roomName(room)).map(({ principal, entry, seq }) => [principal, { entry, seq }])),
  }
}
