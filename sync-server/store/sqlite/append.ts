import type { ConversationRow } from '#conversation/rows.ts'
import type { Summary } from '#conversation/summary.ts'
import type { Reached } from '#server/crash-points.ts'
import type { Plan } from '../plan-state.ts'
import { planAppend } from '../plan.ts'
import type { Append, Commit } from '../port.ts'
import type { Sql } from './database.ts'
import { createLoad } from './load.ts'
import type { Recall } from './recall.ts'

/** The hot path: one transaction stores a batch of updates. The decisions are plan.ts's, the statements are here. */
export function createAppend(sql: Sql, recall: Recall, newId: (now: number) => string, reached: Reached) {
  const load = createLoad(sql, recall)
  const write = createWriter(sql, recall)
  return (updates: Append[], now: number): Commit => {
    try {
      const { plan, ids } = sql.write(() => {
        const plan = planAppend(load(updates), updates, { now, newId: () => newId(now) })
        const ids = write(plan, now)
        reached('in-transaction')
        return { plan, ids }
      })
      recall.keep(plan, ids)
      return { results: plan.results, rows: plan.conversations.flatMap(listed), jobs: plan.jobs.length > 0 }
    } catch (error) {
      // Nobody knows how far it came.
      recall.forget()
      throw error
    }
  }
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

/** Writes a plan; gives the ids of its ledgers' rows by room name. */
function createWriter(sql: Sql, recall: Recall) {
  const version = sql.prepare(`UPDATE counters SET value = ? WHERE name = 'feed'`)
  const newConversation = sql.prepare(
    `INSERT INTO conversations (last_at, version, listed, summary, id, inbox, visitor, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const conversation = sql.prepare(
    'UPDATE conversations SET last_at = ?, version = ?, listed = ?, summary = ? WHERE id = ?',
  )
  const newLedger = sql.prepare<{ id: number }>(
    'INSERT INTO documents (name, conversation, epoch, next) VALUES (?, ?, ?, ?) RETURNING id',
  )
  const ledger = sql.prepare('UPDATE documents SET epoch = ?, next = ? WHERE id = ?')
  const begins = sql.prepare('INSERT INTO spans (document, start, epoch) VALUES (?, ?, ?)')
  const entry = sql.prepare(
    'INSERT INTO entries (document, seq, id, client, clock, by, kind, at, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  // A close is stamped once, so its key is new; if it were not, the job is there and once is enough.
  const job = sql.prepare(
    `INSERT INTO jobs (key, kind, payload, state, attempts, run_at) VALUES (?, ?, ?, 'waiting', 0, ?)
     ON CONFLICT (key) DO NOTHING`,
  )

  function ledgerId({ name, room, epoch, next, isNew }: Plan['ledgers'][number]): number {
    const id = isNew ? newLedger.get(name, room.conversation, epoch, next)?.id : recall.ledgers.get(name)?.id
    if (id === undefined) throw new Error(`${name} was not loaded`)
    if (!isNew) ledger.run(epoch, next, id)
    return id
  }

  return (plan: Plan, now: number): Map<string, number> => {
    const ids = new Map<string, number>()
    if (plan.entries.length === 0) return ids
    version.run(plan.version)
    for (const { summary, lastAt, version: at, isNew } of plan.conversations) {
      const changing = [lastAt, at, isListed(summary) ? 1 : 0, JSON.stringify(summary), summary.id] as const
      if (isNew) newConversation.run(...changing, summary.inbox, summary.visitor, summary.createdAt)
      else conversation.run(...changing)
    }
    for (const each of plan.ledgers) {
      const id = ledgerId(each)
      ids.set(each.name, id)
      if (each.span !== null) begins.run(id, each.span.from, each.span.epoch)
    }
    for (const { room, kind, row } of plan.entries) {
      entry.run(ids.get(room), row.seq, row.id, row.client, row.clock, row.by, kind, row.at, row.text)
    }
    for (const { key, kind, payload } of plan.jobs) job.run(key, kind, JSON.stringify(payload), now)
    return ids
  }
}
