import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Compilable } from 'kysely'
import { startRun, type RunEffects } from './runs.ts'
import { MIGRATIONS } from './schema.ts'
import type { Tables } from './tables.ts'

/** How long a statement waits for another process's lock before it fails, in ms. */
const BUSY_TIMEOUT = 5000

type Statement<Row = unknown> = Database.Statement<unknown[], Row>

/**
 * One open database. Kysely only writes the SQL of ordinary queries: better-sqlite3 runs it, synchronously, so that
 * a store method is a transaction without an await that another one could slip into.
 */
export interface Sql {
  build: Kysely<Tables>
  /** A statement, prepared once for each SQL text. */
  prepare<Row = unknown>(sql: string): Statement<Row>
  all<Row>(query: Compilable<Row>): Row[]
  first<Row>(query: Compilable<Row>): Row | undefined
  /** How many rows it changed. */
  run(query: Compilable<unknown>): number
  /** BEGIN IMMEDIATE, so that what is read cannot change before it is written; commits unless the function throws. */
  write<T>(work: () => T): T
  /** A transaction that sees one state of the database. */
  read<T>(work: () => T): T
  /** The feed's next version. Only within `write`. */
  nextVersion(): number
  /** Changes with each commit of another connection to the same database, and with none of this one's. */
  dataVersion(): number
  /** The version that this opening of the database begins at (runs.ts). */
  readonly base: number
  /** Writes everything into the database itself and empties the log beside it. False: a reader is in the way. */
  emptyLog(): boolean
  /** The whole database, as it is now. */
  copy(): Buffer
  close(): void
}

/**
 * Opens (and creates, and migrates) a database file, or `:memory:`. WAL with synchronous=FULL: a commit that returned
 * is on the disk.
 *
 * @param copy what `:memory:` begins with, as `copy` of another one gave it
 * @throws if the file's schema is newer than this build, or the file is none of ours
 */
export function openDatabase(path: string, effects: RunEffects, copy?: Buffer): Sql {
  if (path !== ':memory:') prepareFile(path)
  const db = new Database(copy ?? path, { timeout: BUSY_TIMEOUT })
  try {
    refuseNewer(db, path)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    // What is erased is overwritten, and not just unlinked.
    db.pragma('secure_delete = ON')
    // What is only in memory outlives nobody who was given something of it.
    const isFirst = path === ':memory:' && schemaOf(db) === 0
    migrate(db, path)
    return sqlOf(db, isFirst ? 0 : startRun(db, effects))
  } catch (error) {
    db.close()
    throw error
  }
}

/** It holds password hashes and sessions: what is made here is for the server's own user alone. */
function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // SQLite would make it readable for all; the files beside it (-wal, -shm) take over its mode.
  closeSync(openSync(path, 'a', 0o600))
}

function schemaOf(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

function refuseNewer(db: Database.Database, path: string): void {
  const schema = schemaOf(db)
  if (schema <= MIGRATIONS.length) return
  throw new Error(
    `Database ${path} has schema ${schema}; this build knows up to ${MIGRATIONS.length}. ` +
      'Upgrade the server, or restore the backup made before the upgrade.',
  )
}

function migrate(db: Database.Database, path: string): void {
  const steps = db.transaction(() => {
    // Again, under the lock: another process may have migrated while this one waited for it.
    refuseNewer(db, path)
    for (const step of MIGRATIONS.slice(schemaOf(db))) db.exec(step)
    db.pragma(`user_version = ${MIGRATIONS.length}`)
  })
  steps.immediate()
}

function sqlOf(db: Database.Database, base: number): Sql {
  const statements = new Map<string, Statement>()
  const prepare = <Row>(sql: string): Statement<Row> => {
    let statement = statements.get(sql)
    if (statement === undefined) statements.set(sql, (statement = db.prepare(sql)))
    return statement as Statement<Row>
  }
  const version = prepare<{ value: number }>(
    `UPDATE counters SET value = value + 1 WHERE name = 'feed' RETURNING value`,
  )
  const dataVersion = db.prepare<unknown[], number>('PRAGMA data_version').pluck()
  return {
    build: createBuilder(),
    prepare,
    all<Row>(query: Compilable<Row>) {
      const { sql, parameters } = query.compile()
      return prepare<Row>(sql).all(...parameters)
    },
    first<Row>(query: Compilable<Row>) {
      const { sql, parameters } = query.compile()
      return prepare<Row>(sql).get(...parameters)
    },
    run(query) {
      const { sql, parameters } = query.compile()
      return prepare(sql).run(...parameters).changes
    },
    write: (work) => db.transaction(work).immediate(),
    read: (work) => db.transaction(work).deferred(),
    nextVersion() {
      const row = version.get()
      if (row === undefined) throw new Error('The feed has no counter row: the database is damaged, restore a backup.')
      return row.value
    },
    dataVersion: () => dataVersion.get() ?? 0,
    base,
    emptyLog() {
      const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      return result?.busy === 0
    },
    copy: () => db.serialize(),
    close() {
      db.close()
    },
  }
}

function createBuilder(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}
