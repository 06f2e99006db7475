import { webcrypto } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SAMPLE_AGENTS } from '#server/demo/agents.ts'
import { resetDemo } from '#server/demo/reset.ts'
import { seedDemo } from '#server/demo/seed.ts'
import type { Agent, Store } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'

const ids = { now: () => 1_780_000_000_000, random: (bytes: Uint8Array) => webcrypto.getRandomValues(bytes) }
const ada = SAMPLE_AGENTS[0]?.agent as Agent

let dataDir: string
let path: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-reset-'))
  path = join(dataDir, 'parley.db')
})
afterEach(() => rmSync(dataDir, { recursive: true }))

/** Does something in the workspace, and lets go of it again. */
async function inWorkspace(work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = openSqliteStore({ path })
  await work(store)
  await store.close()
}

/** The accounts alone: what the conversations are makes no difference, and they take their time. */
async function sampleAgents(store: Store): Promise<void> {
  for (const { agent } of SAMPLE_AGENTS) await store.putAgent(agent)
}

/** Expects a refusal that leaves every byte where it is. */
function refuses(demo: boolean, reason: RegExp): void {
  const before = readFileSync(path)
  const reset = resetDemo({ demo, dataDir })
  expect(reset.ok).toBe(false)
  expect(reset.said).toMatch(reason)
  expect(reset.said).toMatch(/^Nothing was changed/)
  expect(readFileSync(path).equals(before)).toBe(true)
}

describe('npm run demo:reset', () => {
  test('removes the demo’s database and mail, and nothing else; the next start fills it anew', async () => {
    await inWorkspace((store) => seedDemo(store, ids, 'http://127.0.0.1:3000'))
    mkdirSync(join(dataDir, 'mail'))
    for (const name of ['mail/one.eml', 'mail/notes.txt', 'mine.txt']) writeFileSync(join(dataDir, name), 'words')
    expect(resetDemo({ demo: true, dataDir })).toMatchObject({ ok: true })
    expect(readdirSync(dataDir).sort()).toEqual(['mail', 'mine.txt'])
    expect(readdirSync(join(dataDir, 'mail'))).toEqual(['notes.txt'])
    await inWorkspace(async (store) => expect(await store.agents()).toHaveLength(0))
  })

  test('has nothing to do where there is nothing', () => {
    expect(resetDemo({ demo: true, dataDir })).toMatchObject({ ok: true, said: expect.stringMatching(/nothing/) })
    expect(existsSync(path)).toBe(false)
  })

  test('refuses with ORIGIN set, whatever lies there', async () => {
    await inWorkspace(sampleAgents)
    refuses(false, /ORIGIN is set/)
  })

  test('refuses a workspace that is not the demo’s, also when ORIGIN was forgotten', async () => {
    const own: Agent = {
      ...ada,
      id: '01HV0TEST00000000000000001',
      email: 'dee@example.com',
      passwordHash: '$argon2id$',
    }
    await inWorkspace((store) => store.putAgent(own))
    refuses(true, /more than the demo/)
  })

  test('refuses a workspace without accounts: one that waits for its first administrator', async () => {
    await inWorkspace(async () => {})
    refuses(true, /more than the demo/)
  })

  test('refuses a demo that somebody has made their own, by an account or by a password', async () => {
    await inWorkspace(async (store) => {
      await sampleAgents(store)
      await store.putAgent({ ...ada, id: '01HV0TEST00000000000000001', email: 'dee@example.com' })
    })
    refuses(true, /more than the demo/)
    rmSync(path)
    await inWorkspace(async (store) => {
      await sampleAgents(store)
      await store.putAgent({ ...ada, passwordHash: '$argon2id$' })
    })
    refuses(true, /more than the demo/)
  })

  test('refuses while a server has it open, and not after that', async () => {
    const store = openSqliteStore({ path })
    await sampleAgents(store)
    expect(resetDemo({ demo: true, dataDir })).toMatchObject({ ok: false, said: expect.stringMatching(/in use/) })
    expect(await store.agents()).toHaveLength(SAMPLE_AGENTS.length)
    await store.close()
    expect(resetDemo({ demo: true, dataDir })).toMatchObject({ ok: true })
  })

  test('refuses what is no database', () => {
    writeFileSync(path, 'a letter that somebody keeps under this name'.repeat(100))
    refuses(true, /cannot be read/)
  })
})
