import { roomName } from '#conversation/rooms.ts'
import { targetOf } from '#conversation/summary.ts'
import type { ClientState, ConversationState, LedgerState, PlanState } from '../plan-state.ts'
import type { Append, StoredEntry } from '../port.ts'
import type { Sql } from './database.ts'
import type { KnownLedger, Recall } from './recall.ts'

/** Reads what a plan needs to know, as far as it is not known from before. */
export function createLoad(sql: Sql, recall: Recall) {
  const version = sql.prepare<{ value: number }>(`SELECT value FROM counters WHERE name = 'feed'`)
  const conversation = sql.prepare<{ summary: string; lastAt: number; erased: number | null }>(
    'SELECT summary, last_at AS lastAt, erased FROM conversations WHERE id = ?',
  )
  const ledger = sql.prepare<Omit<KnownLedger, 'clients'>>('SELECT id, epoch, next FROM documents WHERE name = ?')
  const client = sql.prepare<ClientState | { clock: null }>(
    'SELECT max(clock) + 1 AS clock, by AS principal FROM entries WHERE document = ? AND client = ?',
  )
  const entry = sql.prepare<StoredEntry>(
    'SELECT seq, at, id, client, clock, by, text FROM entries WHERE id = ? AND document = ?',
  )

  function conversationOf(id: string): ConversationState | undefined {
    const row = conversation.get(id)
    // JSON that this store wrote itself, from a Summary.
    return row === undefined ? undefined : { ...row, summary: JSON.parse(row.summary) }
  }

  function ledgerOf(name: string): KnownLedger | undefined {
    const row = ledger.get(name)
    return row === undefined ? undefined : { ...row, clients: new Map() }
  }

  function clientOf(document: number, of: number): ClientState | undefined {
    const row = client.get(document, of)
    return row === undefined || row.clock === null ? undefined : row
  }

  return (updates: readonly Append[]): PlanState => {
    recall.check(sql)
    const conversations = new Map<string, ConversationState>()
    const ledgers = new Map<string, LedgerState & { entries: Map<string, StoredEntry> }>()
    for (const { room, entries } of updates) {
      const id = room.conversation
      const talk = conversations.get(id) ?? keep(recall.conversations, id, () => conversationOf(id))
      if (talk !== undefined) conversations.set(id, talk)
      const name = roomName(room)
      const known = keep(recall.ledgers, name, () => ledgerOf(name))
      if (known === undefined) continue
      const loaded = ledgers.get(name) ?? { ...known, entries: new Map() }
      ledgers.set(name, loaded)
      for (const each of entries) {
        keep(known.clients, each.client, () => clientOf(known.id, each.client))
        keep(loaded.entries, each.id, () => entry.get(each.id, known.id))
        const named = targetOf(each.entry)
        if (named !== null) keep(loaded.entries, named, () => entry.get(named, known.id))
      }
    }
    return { version: version.get()?.value ?? 0, run: sql.base, conversations, ledgers }
  }
}

function keep<K, V>(into: Map<K, V>, key: K, read: () => V | undefined): V | undefined {
  const known = into.get(key)
  if (known !== undefined) return known
  const value = read()
  if (value !== undefined) into.set(key, value)
  return value
}
