import type Database from 'better-sqlite3'
import type { Ids } from '#conversation/ids.ts'

/**
 * A database that was put back from a backup looks like one that was never anywhere else. So each opening of one is a
 * run, which numbers everything that it hands out (versions, cursors, epochs of stamps) from a base that no other run
 * has, in this history or in one that a backup cut short. What a device brings then tells by itself whether it is of
 * this history: no run goes on after it ended here. Nothing has to be noticed or done when a backup is put back.
 */

export type RunEffects = Ids

/** How many versions a run may count in a ms without reaching what later runs begin at. */
const PER_MS = 1024
/** Unguessed bits, for two runs that would begin at the same number: a clock that stands still or was set back. */
const RANDOM = 2 ** 20

/** Ends the run before, and begins the next; gives its base. */
export function startRun(db: Database.Database, { now, random }: RunEffects): number {
  const start = db.transaction(() => {
    const last = Number(db.prepare(`SELECT value FROM counters WHERE name = 'feed'`).pluck().get())
    const [a = 0, b = 0, c = 0] = random(new Uint8Array(3))
    const base = Math.max(now() * PER_MS, last + 1) + (((a << 16) | (b << 8) | c) % RANDOM)
    db.prepare('UPDATE runs SET ended = ? WHERE ended IS NULL').run(last)
    db.prepare('INSERT INTO runs (base) VALUES (?)').run(base)
    db.prepare(`UPDATE counters SET value = ? WHERE name = 'feed'`).run(base)
    return base
  })
  return start.immediate()
}
