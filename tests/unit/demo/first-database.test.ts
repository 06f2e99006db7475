import { webcrypto } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeDemoDatabase } from '#server/demo/first-database.ts'
import { seedDemo } from '#server/demo/seed.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'

const ids = { now: () => 1_780_000_000_000, random: (bytes: Uint8Array) => webcrypto.getRandomValues(bytes) }
const WEBSITE = 'http://localhost:3000'

let dataDir: string
let path: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-demo-'))
  path = join(dataDir, 'parley.db')
})
afterEach(() => rmSync(dataDir, { recursive: true }))

describe('the demo’s first database', () => {
  test('is a whole one, for its owner alone, which goes on as any other', async () => {
    await makeDemoDatabase(path, ids, WEBSITE)
    expect(readdirSync(dataDir)).toEqual(['parley.db'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const store = openSqliteStore({ path, ...ids })
    const [agent] = await store.agents()
    const before = await store.feed(`agent:${agent?.id ?? ''}`, 0, 1000)
    // There is nothing left to fill.
    await seedDemo(store, ids, WEBSITE)
    expect(await store.feed(`agent:${agent?.id ?? ''}`, 0, 1000)).toEqual(before)
    expect(before.rows.filter(({ kind }) => kind === 'conversation').length).toBeGreaterThan(10)
    await store.close()
  })

  test('is begun anew after a start that was cut short', async () => {
    writeFileSync(`${path}.new`, 'half of')
    await makeDemoDatabase(path, ids, WEBSITE)
    expect(existsSync(`${path}.new`)).toBe(false)
    const store = openSqliteStore({ path, ...ids })
    expect(await store.agents()).not.toHaveLength(0)
    await store.close()
  })

  test('is not made where one is', async () => {
    writeFileSync(path, 'somebody’s')
    const { mtimeMs } = statSync(path)
    await makeDemoDatabase(path, ids, WEBSITE)
    expect(statSync(path).mtimeMs).toBe(mtimeMs)
  })
})
