import type { Job, JobStore } from '../port.ts'
import type { Sql } from './database.ts'
import type { Sync } from './promised.ts'

/**
 * The transactional outbox. A leased job is due again when its lease ends: that one time, `run_at`, is all there is to
 * know about when to look. Finished jobs stay, so that a key is never done twice.
 */
export function createJobs(sql: Sql): Sync<JobStore> {
  const { build } = sql
  const lease = sql.prepare<Omit<Job, 'payload'> & { payload: string }>(
    `UPDATE jobs SET owner = @owner, run_at = @now + @leaseMs, attempts = attempts + 1
     WHERE key = (SELECT key FROM jobs WHERE state = 'waiting' AND run_at <= @now ORDER BY run_at, key LIMIT 1)
     RETURNING key, kind, payload, attempts`,
  )
  // The owner in the condition: who lost the lease changes nothing.
  const held = (key: string, owner: string) =>
    build.updateTable('jobs').where('key', '=', key).where('owner', '=', owner).where('state', '=', 'waiting')
  return {
    leaseJob: (owner, now, leaseMs) => {
      const row = lease.get({ owner, now, leaseMs })
      return row === undefined ? null : { ...row, payload: JSON.parse(row.payload) }
    },
    finishJob: (key, owner) => sql.run(held(key, owner).set({ state: 'done', owner: null, error: null })) === 1,
    retryJob: (key, owner, runAt, error) => {
      const next = runAt === null ? { state: 'dead' as const } : { run_at: runAt }
      return sql.run(held(key, owner).set({ ...next, owner: null, error })) === 1
    },
    nextJobAt: () => {
      const waiting = build
        .selectFrom('jobs')
        .select((is) => is.fn.min('run_at').as('at'))
        .where('state', '=', 'waiting')
      return sql.first(waiting)?.at ?? null
    },
  }
}
