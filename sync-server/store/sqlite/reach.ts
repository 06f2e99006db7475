import type { Sql } from './database.ts'

/** What an agent may see: administrators all inboxes, the others those that they are members of. */
export function createReach(sql: Sql) {
  const role = sql.prepare<{ role: string }>('SELECT role FROM agents WHERE id = ?')
  const memberships = sql.prepare<{ inbox: string }>('SELECT inbox FROM memberships WHERE agent = ?')
  return (agent: string): { admin: boolean; inboxes: Set<string> } => ({
    admin: role.get(agent)?.role === 'admin',
    inboxes: new Set(memberships.all(agent).map((row) => row.inbox)),
  })
}

/**
 * Tells the feed what an agent gained and lost. What is gained gets new versions, so that a device whose cursor has
 * passed it is given it; what is lost leaves a tombstone of this agent's own. Only within `write`.
 */
export function createReachChange(sql: Sql) {
  const steps = createSteps(sql)
  return (agent: string, gained: Iterable<string>, lost: Iterable<string>): void => {
    for (const inbox of gained) steps.gain(agent, inbox)
    for (const inbox of lost) steps.lose(agent, inbox)
  }
}

function createSteps(sql: Sql) {
  const inbox = sql.prepare('UPDATE inboxes SET version = ? WHERE id = ?')
  const back = sql.prepare(
    `DELETE FROM tombstones WHERE agent = @agent AND (of = 'inbox' AND id = @inbox
       OR of = 'conversation' AND id IN (SELECT id FROM conversations WHERE inbox = @inbox))`,
  )
  const again = sql.prepare(
    `UPDATE conversations SET version = @version + n
     FROM (SELECT id, row_number() OVER (ORDER BY version) AS n FROM conversations WHERE inbox = @inbox) AS ranked
     WHERE ranked.id = conversations.id`,
  )
  const gone = sql.prepare(
    `INSERT OR REPLACE INTO tombstones (version, agent, of, id)
     SELECT @version + row_number() OVER (ORDER BY version), @agent, 'conversation', id FROM conversations
     WHERE inbox = @inbox AND listed = 1`,
  )
  const inboxGone = sql.prepare(`INSERT OR REPLACE INTO tombstones (version, agent, of, id) VALUES (?, ?, 'inbox', ?)`)
  const advance = sql.prepare(`UPDATE counters SET value = value + ? WHERE name = 'feed'`)
  return {
    gain(agent: string, id: string): void {
      back.run({ agent, inbox: id })
      const version = sql.nextVersion()
      inbox.run(version, id)
      advance.run(again.run({ version, inbox: id }).changes)
    },
    lose(agent: string, id: string): void {
      const version = sql.nextVersion()
      inboxGone.run(version, agent, id)
      advance.run(gone.run({ version, agent, inbox: id }).changes)
    },
  }
}
