import { join } from 'node:path'
import Database from 'better-sqlite3'
import * as Y from 'yjs'
import { textsOf } from '#conversation/document.ts'
import type { Company, Saying, Talk } from './talk.ts'

/** What was said must be in the database, whole, when the server has stopped. Throws if it is not. */

/** Every entry is a row, in the order that everybody saw; every close has its job; every summary counts. */
export function checkParley(folder: string, company: Company, stamps: readonly string[][]): void {
  const db = new Database(join(folder, 'parley.db'), { readonly: true })
  const rows = db.prepare<[string], { id: string; text: string }>(
    'SELECT e.id, e.text FROM entries AS e JOIN documents AS d ON d.id = e.document WHERE d.name = ? ORDER BY e.seq',
  )
  const jobs = db.prepare<[string]>('SELECT 1 FROM jobs WHERE key = ?')
  company.talks.forEach((talk, i) => {
    const stored = rows.all(talk.name)
    same(talk, new Map(stored.map(({ id, text }) => [id, text])))
    if (stored.map(({ id }) => id).join() !== stamps[i]?.join())
      throw new Error(`${talk.name}: another order is stored`)
    const job = talk.closing === null ? 'none' : jobs.get(`transcript/${talk.closing.id}`)
    if (job === undefined) throw new Error(`${talk.name}: its close has no job`)
  })
  db.close()
}

/** The extension stores a document as one blob. */
export function checkHocuspocus(folder: string, company: Company): void {
  const db = new Database(join(folder, 'hocuspocus.db'), { readonly: true })
  const rows = db.prepare<[string], { data: Buffer }>('SELECT data FROM documents WHERE name = ?')
  for (const talk of company.talks) {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, rows.get(talk.name)?.data ?? Uint8Array.of(0, 0))
    same(talk, new Map(textsOf(doc).entries()))
  }
  db.close()
}

function same(talk: Talk, stored: ReadonlyMap<string, string>): void {
  const said: Saying[] = [talk.opening, ...talk.speakers.flatMap((speaker) => speaker.sayings)]
  if (talk.closing !== null) said.push(talk.closing)
  if (stored.size !== said.length) throw new Error(`${talk.name}: ${stored.size} stored of ${said.length}`)
  for (const { id, text } of said) if (stored.get(id) !== text) throw new Error(`${talk.name}: ${id} is not stored`)
}
