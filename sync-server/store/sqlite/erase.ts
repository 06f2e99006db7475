import { erasedForm, erasedText, erasedWith, parseHeld } from '#conversation/erasure.ts'
import { roomName, type LedgerKind, type Room } from '#conversation/rooms.ts'
import type { ConversationRow } from '#conversation/rows.ts'
import { summarise, type Stamped } from '#conversation/summary.ts'
import type { Erasure } from '../port.ts'
import { conversationRow, isListed } from './append.ts'
import type { Sql } from './database.ts'
import type { Recall } from './recall.ts'

/**
 * Erasing: the words of an entry leave the database. One transaction puts what stands in their place, reckons the
 * summary anew and begins a new epoch; then the log is emptied, which would keep the old pages for a while.
 */
export function createErase(sql: Sql, recall: Recall) {
  const load = createLoader(sql)
  const write = createWriter(sql)
  return (room: Room, entry: string): Erasure => {
    recall.forget()
    const erasure = sql.write((): Erasure => {
      const stamped = load(room.conversation)
      const ledger = stamped.filter((each) => each.ledger === room.kind)
      const erased = erasedWith(ledger, entry)
      if (erased === null) return { status: 'missing' }
      if (typeof erased === 'string') return { status: 'refused', reason: erased }
      if (erased.length === 0) return { status: 'known' }
      const ids = new Set(erased.map(({ id }) => id))
      return { status: 'erased', entries: [...ids], row: write(room, stamped, ids) }
    })
    if (erasure.status === 'erased') sql.emptyLog()
    return erasure
  }
}

/** All stamped entries of a conversation, in the order of their stamps. */
function createLoader(sql: Sql) {
  const entries = sql.prepare<{ ledger: LedgerKind; seq: number; at: number; id: string; text: string }>(
    `SELECT iif(d.name LIKE '%/team', 'team', 'thread') AS ledger, e.seq, e.at, e.id, e.text
     FROM entries AS e JOIN documents AS d ON d.id = e.document WHERE d.conversation = ? ORDER BY e.at`,
  )
  return (conversation: string): Stamped[] =>
    entries.all(conversation).map(({ ledger, seq, at, id, text }) => ({
      ...parseHeld(ledger, id, text),
      ledger,
      stamp: { index: seq, at },
    }))
}

function createWriter(sql: Sql) {
  const entry = sql.prepare(
    `UPDATE entries SET kind = 'erased', text = ? WHERE document = (SELECT id FROM documents WHERE name = ?) AND id = ?`,
  )
  const epoch = sql.prepare<{ id: number }>('UPDATE documents SET epoch = ? WHERE name = ? RETURNING id')
  const forget = sql.prepare('DELETE FROM spans WHERE document = ?')
  const span = sql.prepare('INSERT INTO spans (document, start, epoch) VALUES (?, 0, ?)')
  const conversation = sql.prepare('UPDATE conversations SET summary = ?, version = ?, erased = ? WHERE id = ?')

  return (room: Room, stamped: Stamped[], ids: ReadonlySet<string>): ConversationRow | null => {
    const name = roomName(room)
    const after = stamped.map((each) => {
      const form = each.ledger === room.kind && ids.has(each.id) ? erasedForm(each.entry) : null
      if (form === null) return each
      entry.run(erasedText(form), name, each.id)
      return { ...each, entry: form }
    })
    const summary = summarise(room.conversation, after)
    if (summary === null) throw new Error(`conversation ${room.conversation} has no beginning`)
    // A version is a number that no history of this database has twice: so is an epoch that is named by one.
    const version = sql.nextVersion()
    const document = epoch.get(version, name)
    if (document === undefined) throw new Error(`${name} has entries and is not there`)
    forget.run(document.id)
    span.run(document.id, version)
    conversation.run(JSON.stringify(summary), version, version, room.conversation)
    return isListed(summary) ? conversationRow(summary, version, version) : null
  }
}
