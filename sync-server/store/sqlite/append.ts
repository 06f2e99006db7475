import type { Principal } from '#conversation/ids.ts'
import { roomName } from '#conversation/rooms.ts'
import type { ConversationRow } from '#conversation/rows.ts'
import { targetOf, type Summary } from '#conversation/summary.ts'
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
export function createAppend(sql: Sql, newId: (now: number) => string) {
  const load = createLoader(sql)
  const write = createWriter(sql)
  return (updates: Append[], now: number): Commit =>
    sql.write(() => {
      const plan = planAppend(load(updates), updates, { now, newId: () => newId(now) })
      write(plan, now)
      return { results: plan.results, rows: plan.conversations.flatMap(listed), jobs: plan.jobs.length > 0 }
    })
}

/** Agents see a conversation from its first message on; before, it has no row. */
export function isListed(summary: Summary): boolean {
  return summary.last !== null
}

function listed({ summary, version }: Plan['conversations'][number]): ConversationRow[] {
  return isListed(summary) ? [{ kind: 'conversation', id: summary.id, version, summary }] : []
}

function createLoader(sql: Sql) {
  const version = sql.prepare<{ value: number }>(`SELECT value FROM counters WHERE name = 'feed'`)
  const conversation = sql.prepare<{ summary: string; lastAt: number }>(
    'SELECT summary, last_at AS lastAt FROM conversations WHERE id = ?',
  )
  const ledger = sql.prepare<LedgerState & { id: number }>('SELECT id, epoch, next FROM documents WHERE name = ?')
  const client = sql.prepare<{ clock: number; principal: Principal }>(
    'SELECT e.clock + 1 AS clock, by AS principal FROM entries AS e WHERE document = ? AND client = ? ORDER BY e.clock DESC LIMIT 1',
  )
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
      const row = conversation.get(update.room.conversation)
      // JSON that this store wrote itself, from a Summary.
      if (row !== undefined) {
        conversations.set(update.room.conversation, { summary: JSON.parse(row.summary), lastAt: row.lastAt })
      }
      const document = ledgers.get(room) ?? ledger.get(room)
      if (document === undefined) continue
      ledgers.set(room, document)
      for (const each of update.entries) {
        keep(clients, clientKey(room, each.client), () => client.get(document.id, each.client))
        for (const id of [each.id, targetOf(each.entry)]) {
          if (id !== null) keep(entries, entryKey(room, id), () => entry.get(document.id, id))
        }
      }
    }
    return { version: version.get()?.value ?? 0, conversations, ledgers, clients, entries }
  }
}

function keep<T>(into: Map<string, T>, key: string, read: () => T | undefined): void {
  if (into.has(key)) return
  const value = read()
  if (value !== undefined) into.set(key, value)
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
     ON CONFLICT (name) DO UPDATE SET next = excluded.next RETURNING id`,
  )
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
    for (const { room, epoch, next } of plan.ledgers) {
      const row = ledger.get(roomName(room), room.conversation, epoch, next)
      if (row !== undefined) documents.set(roomName(room), row.id)
    }
    for (const { room, seq, id, client, clock, by, kind, at, text } of plan.entries) {
      entry.run(documents.get(room), seq, id, client, clock, by, kind, at, text)
    }
    for (const { key, kind, payload } of plan.jobs) job.run(key, kind, JSON.stringify(payload), now)
  }
}
