import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#server/config.ts'
import { accountsAlone, type Account } from '#server/store/sqlite/alone.ts'
import { SAMPLE_AGENTS } from './agents.ts'

/** What became of it, in a sentence for people. */
export type Reset = { ok: true; said: string } | { ok: false; said: string }

const DATABASE = 'parley.db'

/**
 * Removes the demo workspace, so that the next start fills it anew, with dates of then. It is removed only if nothing
 * in it can be anybody's work: no ORIGIN is set, all three sample agents are there, everybody is one of them, and
 * nobody has a password. Nobody can ever have signed in to such a workspace once it had an ORIGIN. And only what the
 * demo has written is removed: the database and the mail that lies beside it.
 */
export function resetDemo({ demo, dataDir }: Pick<Config, 'demo' | 'dataDir'>): Reset {
  if (!demo) return refuse('ORIGIN is set: this is a real workspace, and only the demo is ever put back.')
  const path = join(dataDir, DATABASE)
  if (!existsSync(path)) {
    return { ok: true, said: `There is nothing to put back in ${dataDir}: the next start makes a new demo workspace.` }
  }
  const reason = whyNot(path)
  if (reason !== null) return refuse(reason)
  for (const file of [path, `${path}-wal`, `${path}-shm`, ...mailsIn(join(dataDir, 'mail'))])
    rmSync(file, { force: true })
  return { ok: true, said: `The demo workspace in ${dataDir} is put back: the next start fills it anew.` }
}

/** Why this database is not to be removed; null: it may go. */
function whyNot(path: string): string | null {
  try {
    const found = accountsAlone(path)
    if (found.is === 'in-use') return `${path} is in use. Stop the server that runs on it (Ctrl+C), and try again.`
    return isDemo(found.value)
      ? null
      : `${path} is no demo workspace, or more than the demo: it has accounts of its own, or passwords. ` +
          'If all of it may go, delete the folder yourself, or set DATA_DIR to another one.'
  } catch (error) {
    return `${path} cannot be read as a database of Parley: ${error instanceof Error ? error.message : String(error)}`
  }
}

function isDemo(accounts: Account[]): boolean {
  const samples = new Set(SAMPLE_AGENTS.map(({ agent }) => agent.id))
  return accounts.length === samples.size && accounts.every(({ id, password }) => samples.has(id) && !password)
}

function mailsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => (name.endsWith('.eml') ? [join(folder, name)] : []))
}

function refuse(why: string): Reset {
  return { ok: false, said: `Nothing was changed. ${why}` }
}
