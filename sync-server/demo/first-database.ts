import { existsSync, renameSync, writeFileSync } from 'node:fs'
import type { Ids } from '#conversation/ids.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import { seedDemo } from './seed.ts'

/**
 * Makes the demo's database, if there is none at this path. It is filled in memory and put there in one piece: whoever
 * starts Parley for the first time does not wait for a commit per message, and a start that is cut short leaves nothing
 * behind that the next one would add to.
 *
 * @throws if the file cannot be written
 */
export async function makeDemoDatabase(path: string, ids: Ids, origin: string): Promise<void> {
  if (existsSync(path)) return
  const store = openSqliteStore({ path: ':memory:', ...ids })
  try {
    await seedDemo(store, ids, origin)
    const half = `${path}.new`
    // For the server's own user alone, as any database of ours; and on the disk before it has its name.
    writeFileSync(half, await store.copy(), { mode: 0o600, flush: true })
    renameSync(half, path)
  } finally {
    await store.close()
  }
}
