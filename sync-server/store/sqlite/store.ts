import { webcrypto } from 'node:crypto'
import { createUlid, type Ids } from '#conversation/ids.ts'
import { goOn, type Reached } from '#server/crash-points.ts'
import type { Store } from '../port.ts'
import { createAgents, createInboxes } from './accounts.ts'
import { openDatabase } from './database.ts'
import { createFeed } from './feed.ts'
import { createJobs } from './jobs.ts'
import { createLedgers } from './ledger.ts'
import { createMarkers } from './markers.ts'
import { promised } from './promised.ts'
import { createSessions, createVisitors } from './sessions.ts'

export interface SqliteOptions {
  /** A file (its directory is made if it is missing) or `:memory:`. */
  path: string
  /** Fills an array with unguessable bytes, for the ids that a transaction makes up. */
  random?: Ids['random']
  /** Milliseconds since 1970, when the store is opened. */
  now?: Ids['now']
  /** What `:memory:` begins with: a copy of another one, put back as a backup would be. */
  copy?: Buffer
  reached?: Reached
}

export interface SqliteStore extends Store {
  /** The whole database as one piece. Only for one in memory: of a file, copy the file. */
  copy(): Promise<Buffer>
}

/**
 * Opens the store in one SQLite file. One process at a time writes to it; a commit that returned is on the disk.
 * @throws if the file cannot be opened, is no database, or its schema is newer than this build
 */
export function openSqliteStore({
  path,
  copy,
  now = Date.now,
  random = (bytes) => webcrypto.getRandomValues(bytes),
  reached = goOn,
}: SqliteOptions): SqliteStore {
  const sql = openDatabase(path, { now, random }, copy)
  const newId = (now: number): string => createUlid({ now: () => now, random })
  return promised<SqliteStore>({
    ...createLedgers(sql, newId, reached),
    feed: createFeed(sql),
    ...createMarkers(sql),
    ...createAgents(sql),
    ...createInboxes(sql),
    ...createSessions(sql),
    ...createVisitors(sql),
    ...createJobs(sql),
    copy: () => sql.copy(),
    close: () => sql.close(),
  })
}
