import Database from 'better-sqlite3'
import { readEntry } from '#conversation/entries.ts'
import type { Principal } from '#conversation/ids.ts'
import type { LedgerKind } from '#conversation/rooms.ts'
import type { FoldEntry } from '#conversation/view.ts'

/** The database's file, read by SQL and not through the store that is tested. */

export interface Row {
  room: string
  seq: number
  at: number
  id: string
  by: Principal
  kind: string
  text: string
}

/** All entries, by room and in the order of their stamps. */
export function readRows(file: string): Row[] {
  return query<Row>(
    file,
    'SELECT d.name AS room, e.seq, e.at, e.id, e.by, e.kind, e.text FROM entries AS e JOIN documents AS d ON d.id = e.document ORDER BY room, seq',
  )
}

export function waitingJobs(file: string): number {
  return query<{ key: string }>(file, `SELECT key FROM jobs WHERE state = 'waiting'`).length
}

/** Rows of one query. A reader of its own each time, which never writes: a server may be using the file. */
export function query<T>(file: string, sql: string): T[] {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    return db.prepare<[], T>(sql).all()
  } finally {
    db.close()
  }
}

/** A conversation's entries as the fold takes them. */
export function entriesOf(rooms: Map<string, Row[]>, conversation: string): FoldEntry[] {
  return (['thread', 'team'] satisfies LedgerKind[]).flatMap((ledger) =>
    (rooms.get(`conversation/${conversation}/${ledger}`) ?? []).map(({ id, seq, at, text }): FoldEntry => {
      const entry = readEntry(ledger, text)
      if (entry === null) throw new Error(`the store holds what no device can read: ${text}`)
      return { ledger, id, entry, stamp: { index: seq, at } }
    }),
  )
}
