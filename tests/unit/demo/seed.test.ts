import { webcrypto } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseEntry } from '#conversation/entries.ts'
import { isUlid } from '#conversation/ids.ts'
import { SAMPLE_AGENTS } from '#server/demo/agents.ts'
import { CLOSED_CONVERSATIONS } from '#server/demo/closed-conversations.ts'
import { OPEN_CONVERSATIONS } from '#server/demo/open-conversations.ts'
import { seedDemo } from '#server/demo/seed.ts'
import type { ConversationRow, FeedPage } from '#conversation/rows.ts'
import type { Store } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'

const NOW = 1_780_000_000_000
const ids = { now: () => NOW, random: (bytes: Uint8Array) => webcrypto.getRandomValues(bytes) }
const ada = `agent:${SAMPLE_AGENTS[0]?.agent.id}` as const

let store: Store
let page: FeedPage
let rows: ConversationRow[]
beforeAll(async () => {
  store = openSqliteStore({ path: ':memory:' })
  await seedDemo(store, ids, 'http://127.0.0.1:3000')
  page = await store.feed(ada, 0, 1000)
  rows = page.rows.filter((row) => row.kind === 'conversation')
})
afterAll(() => store.close())

describe('the demo’s sample conversations', () => {
  test('the sample agents have ids that are ULIDs, and no password', () => {
    for (const { agent } of SAMPLE_AGENTS) {
      expect(isUlid(agent.id), agent.id).toBe(true)
      expect(agent.passwordHash).toBeNull()
      expect(agent.email).toMatch(/@example\.com$/)
    }
  })

  test('all are there, open and closed as written, in several languages and hands', () => {
    expect(rows).toHaveLength(OPEN_CONVERSATIONS.length + CLOSED_CONVERSATIONS.length)
    const count = (status: string) => rows.filter(({ summary }) => summary.status === status).length
    expect([count('open'), count('closed')]).toEqual([OPEN_CONVERSATIONS.length, CLOSED_CONVERSATIONS.length])
    expect(new Set(rows.map(({ summary }) => summary.locale)).size).toBeGreaterThanOrEqual(5)
    expect(new Set(rows.map(({ summary }) => summary.assignee)).size).toBe(4)
  })

  test('all of it lies in the last week, and none of it in the future', () => {
    for (const { summary } of rows) {
      expect(summary.activeAt).toBeLessThanOrEqual(NOW)
      expect(summary.createdAt).toBeGreaterThan(NOW - 7 * 24 * 3_600_000)
    }
    expect(Math.max(...rows.map(({ summary }) => summary.activeAt))).toBeGreaterThan(NOW - 10 * 60_000)
  })

  test('stamps follow the clock, and every entry is one that a device could have written', async () => {
    for (const { id } of rows) {
      const entries = await Promise.all(
        (['thread', 'team'] as const).map((kind) => store.entries({ kind, conversation: id }, 0)),
      )
      entries.forEach((stored, index) => {
        for (const { text, at, by } of stored) {
          const parsed = parseEntry(index === 0 ? 'thread' : 'team', text)
          expect(parsed).toMatchObject({ ok: true, entry: { by } })
          if (parsed.ok) expect(at - parsed.entry.at).toBeLessThan(1000)
        }
      })
    }
  })

  test('no mail goes out for them', async () => {
    expect(await store.nextJobAt()).toBeNull()
  })

  test('what is settled is read; what just came in is not', async () => {
    const read = new Map(page.rows.filter((row) => row.kind === 'marker').map((row) => [row.id, row.read]))
    for (const { id, summary } of rows) {
      const unread = summary.visitorMessages - (read.get(id) ?? 0)
      if (summary.status === 'closed') expect(unread, summary.last?.text).toBe(0)
    }
    expect(rows.some(({ id, summary }) => summary.visitorMessages > (read.get(id) ?? 0))).toBe(true)
  })

  test('it is written once', async () => {
    await seedDemo(store, ids, 'http://127.0.0.1:3000')
    expect((await store.feed(ada, 0, 1000)).cursor).toBe(page.cursor)
  })
})
