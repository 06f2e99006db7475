import { idOf, type Principal } from '#conversation/ids.ts'
import type { AgentRow, FeedPage, FeedRow, InboxRow, MarkerRow, Tombstone } from '#conversation/rows.ts'
import { conversationRow } from './append.ts'
import type { Sql } from './database.ts'
import { createReach } from './reach.ts'

/**
 * The feed: rows of several tables in the order of one version. Each source gives at most one row more than the page
 * holds, so the merged page is exact, and its cursor skips nothing.
 */
export function createFeed(sql: Sql) {
  const sources = createSources(sql)
  const reach = createReach(sql)
  const version = sql.prepare<{ value: number }>(`SELECT value FROM counters WHERE name = 'feed'`)
  const end = sql.prepare<{ ended: number | null }>('SELECT ended FROM runs WHERE base <= ? ORDER BY base DESC LIMIT 1')
  return (agent: Principal, cursor: number, limit: number): FeedPage =>
    sql.read(() => {
      const newest = version.get()?.value ?? 0
      // Beyond where the run that gave it ended: the database was restored from a backup, and this is not its history.
      const from = cursor > (end.get(cursor)?.ended ?? newest) ? 0 : cursor
      const { admin } = reach(idOf(agent))
      const ask = { agent: idOf(agent), principal: agent, admin, from, limit: limit + 1 }
      const rows = sources.flatMap((source) => source(ask)).sort((a, b) => a.version - b.version)
      const page = rows.slice(0, limit)
      const more = rows.length > limit
      const at = more ? (page.at(-1)?.version ?? from) : newest
      return { rows: page, cursor: at, more, ...(from !== cursor && { anew: true as const }) }
    })
}

interface Ask {
  agent: string
  principal: Principal
  admin: boolean
  from: number
  limit: number
}

function createSources(sql: Sql): ((ask: Ask) => FeedRow[])[] {
  return [conversationSource(sql), agentSource(sql), inboxSource(sql), markerSource(sql), tombstoneSource(sql)]
}

/** A statement for rows of inboxes: administrators are given those of all, members of theirs. */
function reachable<Row>(sql: Sql, select: string, inbox: string) {
  const newer = `${select} AND version > @from`
  const end = 'ORDER BY version LIMIT @limit'
  const all = sql.prepare<Row>(`${newer} ${end}`)
  const own = sql.prepare<Row>(`${newer} AND ${inbox} IN (SELECT inbox FROM memberships WHERE agent = @agent) ${end}`)
  return ({ admin, agent, from, limit }: Ask): Row[] =>
    admin ? all.all({ from, limit }) : own.all({ agent, from, limit })
}

function conversationSource(sql: Sql) {
  type Row = { version: number; summary: string; erased: number | null }
  const rows = reachable<Row>(sql, 'SELECT version, summary, erased FROM conversations WHERE listed = 1', 'inbox')
  return (ask: Ask): FeedRow[] =>
    rows(ask).map(({ version, summary, erased }) => conversationRow(JSON.parse(summary), version, erased))
}

function inboxSource(sql: Sql) {
  const rows = reachable<Omit<InboxRow, 'kind'>>(sql, 'SELECT id, version, name FROM inboxes WHERE true', 'id')
  return (ask: Ask): InboxRow[] => rows(ask).map((row) => ({ kind: 'inbox', ...row }))
}

function agentSource(sql: Sql) {
  const rows = sql.prepare<Omit<AgentRow, 'kind' | 'active'> & { active: number }>(
    `SELECT id, version, name, email, role, avatar, active FROM agents
     WHERE version > ? ORDER BY version LIMIT ?`,
  )
  return ({ from, limit }: Ask): AgentRow[] =>
    rows.all(from, limit).map((row) => ({ kind: 'agent', ...row, active: row.active === 1 }))
}

function markerSource(sql: Sql) {
  // Only threads' markers have a version.
  const rows = sql.prepare<Omit<MarkerRow, 'kind'>>(
    `SELECT d.conversation AS id, m.version, m.entry, m.read FROM markers AS m JOIN documents AS d ON d.id = m.document
     WHERE m.principal = ? AND m.version > ? ORDER BY m.version LIMIT ?`,
  )
  return ({ principal, from, limit }: Ask): MarkerRow[] =>
    rows.all(principal, from, limit).map((row) => ({ kind: 'marker', ...row }))
}

function tombstoneSource(sql: Sql) {
  const rows = sql.prepare<Omit<Tombstone, 'kind'>>(
    `SELECT version, of, id FROM tombstones WHERE agent IN ('', ?) AND version > ? ORDER BY version LIMIT ?`,
  )
  return ({ agent, from, limit }: Ask): Tombstone[] => {
    // A device that starts from nothing holds nothing that could be gone.
    if (from === 0) return []
    return rows.all(agent, from, limit).map((row) => ({ kind: 'gone', ...row }))
  }
}
