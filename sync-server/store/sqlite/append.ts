import { roomName } from '#conversation/rooms.ts'
import type { ConversationRow } from '#conversation/rows.ts'
import { targetOf, type Summary } from '#conversation/summary.ts'
import type { Reached } from '#server/crash-points.ts'
import {
  clientKey,
  entryKey,
  type ClientState,
  type ConversationState,
  type LedgerState,
  type Plan,
  type PlanState,
} from '../plan-state.ts'
import { planAppend } from '../plan.ts'
import type { Append, Commit, StoredEntry } from '../port.ts'
import type { Sql } from './database.ts'

/** The hot path: one transaction stores a batch of updates. The decisions are plan.ts's, the statements are here. */
export function createAppend(sql: Sql, newId: (now: number) => string, reached: Reached) {
  const load = createLoader(sql)
  const write = createWriter(sql)
  return (updates: Append[], now: number): Commit =>
    sql.write(() => {
      const plan = planAppend(load(updates), updates, { now, newId: () => newId(now) })
      write(plan, now)
      reached('in-transaction')
      return { results: plan.results, rows: plan.conversations.flatMap(listed), jobs: plan.jobs.length > 0 }
    })
}

/** Agents see a conversation from its first message on; before, it has no row. */
export function isListed(summary: Summary): boolean {
  return summary.last !== null
}

function listed({ summary, version, erased }: Plan['conversations'][number]): ConversationRow[] {
  return isListed(summary) ? [conversationRow(summary, version, erased)] : []
}

/** A conversation's row as the feed gives it. */
export function conversationRow(summary: Summary, version: number, erased: number | null): ConversationRow {
  return { kind: 'conversation', id: summary.id, version, summary, ...(erased !== null && { erased }) }
}

function createLoader(sql: Sql) {
  const version = sql.prepare<{ value: number }>(`SELECT value FROM counters WHERE name = 'feed'`)
  const conversation = sql.prepare<{ summary: string; lastAt: number; erased: number | null }>(
    'SELECT summary, last_at AS lastAt, erased FROM conversations WHERE id = ?',
  )
  const ledger = sql.prepare<LedgerState & { id: number }>('SELECT id, epoch, next FROM documents WHERE name = ?')
  const client = createClientLookup(sql)
  const entry = sql.prepare<StoredEntry>(
    'SELECT seq, at, id, client, clock, by, text FROM entries WHERE document = ? AND id = ?',
  )

  return (updates: Append[]): PlanState => {
    const conversations = new Map<string, ConversationState>()
    const ledgers = new Map<string, LedgerState & { id: number }>()
    const clients = new Map<string, ClientState>()
    const entries = new Map<string, StoredEntry>()
    for (const update of updates) {
      const room = roomName(update.room)
      keep(conversations, update.room.conversation, () => {
        const row = conversation.get(update.room.conversation)
        // JSON that this store wrote itself, from a Summary.
        return row === undefined ? undefined : { ...row, summary: JSON.parse(row.summary) }
      })
      const document = keep(ledgers, room, () => ledger.get(room))
      if (document === undefined) continue
      for (const each of update.entries) {
        keep(clients, clientKey(room, each.client), () => client(document.id, each))
        for (const id of [each.id, targetOf(each.entry)]) {
          if (id !== null) keep(entries, entryKey(room, id), () => entry.get(document.id, id))
        }
      }
    }
    return { version: version.get()?.value ?? 0, run: sql.base, conversations, ledgers, clients, entries }
  }
}

/** How far a Yjs client has got in a document, as far as it matters for one that comes with this clock. */
function createClientLookup(sql: Sql) {
  const last = sql.prepare<ClientState>(
    'SELECT e.clock + 1 AS clock, by AS principal FROM entries AS e WHERE document = ? AND client = ? ORDER BY e.clock DESC LIMIT 1',
  )
  const from = sql.prepare<ClientState>(
    'SELECT clock, by AS principal FROM entries WHERE document = ? AND client = ? AND clock >= ? LIMIT 2',
  )
  return (document: number, { client, clock }: { client: number; clock: number | null }): ClientState | undefined => {
    if (clock !== null) {
      // Nearly always the entry before this one is the client's last. Asking for it costs a tenth of looking for the
      // last one: SQLite prepares a statement with ORDER BY anew each time that it is bound.
      const [before, after] = from.all(document, client, clock - 1)
      if (before === undefined && clock === 0) return undefined
      if (before?.clock === clock - 1 && after === undefined) return { clock, principal: before.principal }
    }
    return last.get(document, client)
  }
}

function keep<T>(into: Map<string, T>, key: string, read: () => T | undefined): T | undefined {
  const known = into.get(key)
  if (known !== undefined) return known
  const value = read()
  if (value !== undefined) into.set(key, value)
  return value
}

function createWriter(sql: Sql) {
  const version = sql.prepare(`UPDATE counters SET value = ? WHERE name = 'feed'`)
  const conversation = sql.prepare(
    `INSERT INTO conversations (id, inbox, visitor, created_at, last_at, version, listed, summary)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET
       last_at = excluded.last_at, version = excluded.version, listed = excluded.listed, summary = excluded.summary`,
  )
  const ledger = sql.prepare<{ id: number }>(
    `INSERT INTO documents (name, conversation, epoch, next) VALUES (?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, next = excluded.next RETURNING id`,
  )
  const begins = sql.prepare('INSERT INTO spans (document, start, epoch) VALUES (?, ?, ?)')
  const entry = sql.prepare(
    'INSERT INTO entries (document, seq, id, client, clock, by, kind, at, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  // A close is stamped once, so its key is new; if it were not, the job is there and once is enough.
  const job = sql.prepare(
    `INSERT INTO jobs (key, kind, payload, state, attempts, run_at) VALUES (?, ?, ?, 'waiting', 0, ?)
     ON CONFLICT (key) DO NOTHING`,
  )

  return (plan: Plan, now: number): void => {
    if (plan.entries.length === 0) return
    version.run(plan.version)
    for (const { summary: of, lastAt, version: at } of plan.conversations) {
      conversation.run(of.id, of.inbox, of.visitor, of.createdAt, lastAt, at, isListed(of) ? 1 : 0, JSON.stringify(of))
    }
    const documents = new Map<string, number>()
    for (const { room, epoch, next, span } of plan.ledgers) {
      const row = ledger.get(roomName(room), room.conversation, epoch, next)
      if (row === undefined) continue
      documents.set(roomName(room), row.id)
      if (span !== null) begins.run(row.id, span.from, span.epoch)
    }
    for (const { room, seq, id, client, clock, by, kind, at, text } of plan.entries) {
      entry.run(documents.get(room), seq, id, client, clock, by, kind, at, text)
    }
    for (const { key, kind, payload } of plan.jobs) job.run(key, kind, JSON.stringify(payload), now)
  }
}
