import Database from 'better-sqlite3'

/** How long to wait for somebody who is just letting go, in ms. */
const PATIENCE = 500

/** What is found in a database file that nobody else has open. */
export type Alone<T> = { is: 'read'; value: T } | { is: 'in-use' }

/** The accounts in a database, as far as a tool asks that is not the server. */
export interface Account {
  id: string
  /** Whether it can sign in with a password. */
  password: boolean
}

/**
 * Reads the accounts of a database file while nobody else has it open. In WAL mode every connection holds a shared
 * lock for as long as it lives, so that an exclusive one is to be had only alone.
 *
 * @throws if the file is no database of ours
 */
export function accountsAlone(path: string): Alone<Account[]> {
  const db = new Database(path, { timeout: PATIENCE, fileMustExist: true })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    // Takes the lock that says so, and gives it up with the connection.
    db.exec('BEGIN IMMEDIATE; COMMIT')
    const rows = db.prepare<[], { id: string; password: number }>(
      'SELECT id, password_hash IS NOT NULL AS password FROM agents',
    )
    return { is: 'read', value: rows.all().map(({ id, password }) => ({ id, password: password === 1 })) }
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return { is: 'in-use' }
    throw error
  } finally {
    db.close()
  }
}
