import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, expect, test } from 'vitest'
import { CRASH_POINTS } from '#server/crash-points.ts'
import { audit, type Found } from './audit.ts'
import { Batch, DEATHS, MOST_LIVES, type Death } from './batch.ts'
import { rest } from './rest.ts'

/**
 * The real process, killed with SIGKILL while people write: at each crash point, at any moment, and while it starts.
 * The seed decides how it dies and what is written, not how fast: a repeated run is alike, not the same.
 *
 * A kill leaves what the process had handed to the operating system. That a commit also outlasts the machine's power is
 * what `synchronous=FULL` is for, and nothing here can show it.
 */

const LONG = process.env['PARLEY_LONG'] === '1'
const ONE = process.env['PARLEY_SEED']
const KILLS = ONE !== undefined ? MOST_LIVES : Number(process.env['PARLEY_KILLS'] ?? (LONG ? 1000 : 25))

const died = new Map<Death, number>()
const total: Found = { entries: 0, stampsSeen: 0, closes: 0, voidCloses: 0, mails: 0, mailsAgain: 0 }
const cache = mkdtempSync(join(tmpdir(), 'parley-crash-cache-'))
afterAll(() => rmSync(cache, { recursive: true, force: true }))

// Each y-websocket provider listens for the end of the process; many devices live in this one.
process.setMaxListeners(0)

for (let left = KILLS, seed = Number(ONE ?? 1); left > 0; left -= MOST_LIVES, seed++) {
  const kills = Math.min(left, MOST_LIVES)
  test(`[R9] ${kills} kills, seed ${seed}: what was promised is there, once`, async () => {
    const batch = new Batch(seed, cache)
    try {
      await batch.run(kills, () => rest(batch))
      const found = audit(batch)
      // Whoever dies after the 250 has sent a mail that nobody wrote down.
      const died250 = batch.deaths.filter((death) => death === 'after-250').length
      expect(found.mailsAgain).toBeGreaterThanOrEqual(died250)
      count(batch.deaths, found)
    } catch (error) {
      console.error(`repeat: npm run test:crash -- --seed ${seed}`)
      throw error
    } finally {
      await batch.end()
    }
  })
}

test.runIf(KILLS >= MOST_LIVES)('every crash point was hit, and there was something to lose', () => {
  console.log(`kills: ${DEATHS.map((death) => `${died.get(death) ?? 0} ${death}`).join(', ')}`)
  console.log(JSON.stringify(total))
  for (const point of CRASH_POINTS) expect(died.get(point) ?? 0, point).toBeGreaterThan(0)
  expect([...died.values()].reduce((sum, each) => sum + each, 0)).toBe(KILLS)
  expect(total.entries).toBeGreaterThan(KILLS * 5)
  expect(total.stampsSeen).toBeGreaterThan(KILLS * 5)
  expect(total.closes).toBeGreaterThan(KILLS / 2)
  expect(total.voidCloses).toBeGreaterThan(0)
  expect(total.mailsAgain).toBeGreaterThan(0)
})

function count(deaths: Death[], found: Found): void {
  for (const death of deaths) died.set(death, (died.get(death) ?? 0) + 1)
  for (const key of Object.keys(total) as (keyof Found)[]) total[key] += found[key]
}
