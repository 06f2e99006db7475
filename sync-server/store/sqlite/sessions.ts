import type { AccountStore, VisitorStore } from '../port.ts'
import type { Sql } from './database.ts'
import type { Sync } from './promised.ts'

type Sessions = Pick<
  AccountStore,
  'putSession' | 'session' | 'sessionsOf' | 'deleteSession' | 'deleteSessionsOf' | 'deleteExpiredSessions'
>

/** Agents' sessions. */
export function createSessions(sql: Sql): Sync<Sessions> {
  const { build } = sql
  const select = build.selectFrom('sessions').select(['id', 'agent', 'expires_at as expiresAt'])
  const remove = build.deleteFrom('sessions')
  return {
    putSession: ({ id, agent, expiresAt }) => {
      const row = { id, agent, expires_at: expiresAt }
      sql.run(
        build
          .insertInto('sessions')
          .values(row)
          .onConflict((on) => on.column('id').doUpdateSet(row)),
      )
    },
    session: (id) => sql.first(select.where('id', '=', id)) ?? null,
    sessionsOf: (agent) => sql.all(select.where('agent', '=', agent).orderBy('expires_at')),
    deleteSession: (id) => void sql.run(remove.where('id', '=', id)),
    deleteSessionsOf: (agent) => void sql.run(remove.where('agent', '=', agent)),
    deleteExpiredSessions: (now) => void sql.run(remove.where('expires_at', '<=', now)),
  }
}

/** Visitors, known by the hash of their token. */
export function createVisitors(sql: Sql): Sync<VisitorStore> {
  const { build } = sql
  return {
    createVisitor: ({ id, inbox, tokenHash, createdAt }) => {
      const row = { id, inbox, token_hash: tokenHash, created_at: createdAt }
      sql.run(build.insertInto('visitors').values(row))
    },
    visitorByTokenHash: (tokenHash) =>
      sql.first(build.selectFrom('visitors').select(['id', 'inbox']).where('token_hash', '=', tokenHash)) ?? null,
  }
}
