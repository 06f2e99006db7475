import { webcrypto } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plainText } from '#conversation/body.ts'
import { parseEntry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import { isUlid } from '#conversation/ids.ts'
import type { ConversationRow, FeedPage } from '#conversation/rows.ts'
import type { ConversationView, FoldEntry, TimelineEvent } from '#conversation/view.ts'
import { SAMPLE_AGENTS } from '#server/demo/agents.ts'
import { CLOSED_CONVERSATIONS } from '#server/demo/closed-conversations.ts'
import { SAMPLE_CONVERSATIONS } from '#server/demo/conversations.ts'
import { seedDemo } from '#server/demo/seed.ts'
import type { Store } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'

const NOW = 1_780_000_000_000
const HOUR = 3_600_000
const WEBSITE = 'http://127.0.0.1:3000'
const idsAt = (now: number) => ({
  now: () => now,
  random: (bytes: Uint8Array) => webcrypto.getRandomValues(bytes),
})
const agentCalled = (key: string) => `agent:${SAMPLE_AGENTS.find((each) => each.key === key)?.agent.id}` as const
const [ada, bo, cy] = ['ada', 'bo', 'cy'].map(agentCalled) as [`agent:${string}`, `agent:${string}`, `agent:${string}`]

interface Seeded {
  store: Store
  page: FeedPage
  rows: ConversationRow[]
  views: Map<string, ConversationView>
}

async function seed(now: number): Promise<Seeded> {
  const store = openSqliteStore({ path: ':memory:' })
  await seedDemo(store, idsAt(now), WEBSITE)
  const page = await store.feed(ada, 0, 1000)
  const rows = page.rows.filter((row) => row.kind === 'conversation')
  const views = new Map<string, ConversationView>()
  for (const { id } of rows) views.set(id, fold(await entriesOf(store, id)))
  return { store, page, rows, views }
}

async function entriesOf(store: Store, conversation: string): Promise<FoldEntry[]> {
  const found: FoldEntry[] = []
  for (const ledger of ['thread', 'team'] as const) {
    for (const { id, seq, at, text } of await store.entries({ kind: ledger, conversation }, 0)) {
      const parsed = parseEntry(ledger, text)
      if (!parsed.ok) throw new Error(parsed.reason)
      found.push({ ledger, id, entry: parsed.entry, stamp: { index: seq, at } })
    }
  }
  return found
}

let demo: Seeded
beforeAll(async () => void (demo = await seed(NOW)))
afterAll(() => demo.store.close())

/** The one conversation in which somebody said this. */
function saying(words: string): ConversationView {
  const found = [...demo.views.values()].filter(({ timeline }) =>
    timeline.some((item) => item.type !== 'event' && plainText(item.body).includes(words)),
  )
  expect(found, words).toHaveLength(1)
  return found[0] as ConversationView
}

function eventsOf({ timeline }: ConversationView): TimelineEvent['is'][] {
  return timeline.flatMap((item) => (item.type === 'event' ? [item.event.is] : []))
}

const messagesOf = ({ timeline }: ConversationView) => timeline.filter((item) => item.type === 'message')
const commentsOf = ({ timeline }: ConversationView) => timeline.filter((item) => item.type === 'comment')

describe('the demo’s sample conversations', () => {
  test('the sample agents have ids that are ULIDs, and no password', () => {
    for (const { agent } of SAMPLE_AGENTS) {
      expect(isUlid(agent.id), agent.id).toBe(true)
      expect(agent.passwordHash).toBeNull()
      expect(agent.email).toMatch(/@example\.com$/)
    }
  })

  test('all are there, open and closed as written, in many languages and everybody’s hands', () => {
    const { rows } = demo
    expect(rows).toHaveLength(SAMPLE_CONVERSATIONS.length)
    expect(rows.filter(({ summary }) => summary.status === 'closed')).toHaveLength(CLOSED_CONVERSATIONS.length)
    const languages = new Set(rows.map(({ summary }) => summary.locale.split('-')[0]))
    for (const language of ['en', 'nl', 'de', 'fr', 'es', 'ja', 'he', 'ar']) expect(languages).toContain(language)
    const open = rows.filter(({ summary }) => summary.status === 'open')
    for (const assignee of [null, ada, bo, cy]) {
      expect(
        open.some(({ summary }) => summary.assignee === assignee),
        `${assignee}`,
      ).toBe(true)
    }
    expect(open.filter(({ summary }) => summary.assignee === null).length).toBeGreaterThanOrEqual(4)
  })

  test('[F1] what the rows say is what the conversations fold to', () => {
    for (const { id, summary } of demo.rows) {
      const view = demo.views.get(id)
      expect(view).toMatchObject({
        status: summary.status,
        assignee: summary.assignee,
        contact: { name: summary.name, email: summary.email, phone: summary.phone },
      })
      expect(view?.timeline.every((item) => item.stamp !== null && item.refused === null)).toBe(true)
    }
  })

  test('[F4] a close that came too late does not count, and Sanne was answered', () => {
    const view = saying('originele doos')
    expect(view.status).toBe('open')
    expect(view.timeline.find((item) => item.type === 'event' && item.event.is === 'void-close')).toMatchObject({
      by: bo,
      event: { why: 'newer-messages' },
    })
    expect(messagesOf(view).at(-1)).toMatchObject({ by: ada })
  })

  test('[F5] a message that was edited, one that was taken back, and a visitor’s typo', () => {
    const messages = messagesOf(saying('2.5 m of cable'))
    expect(messages.filter(({ edited }) => edited !== null).map(({ by }) => by.split(':')[0])).toEqual([
      'visitor',
      'agent',
    ])
    expect(messages.filter(({ retracted }) => retracted)).toHaveLength(1)
  })

  test('[F6] one was closed and reopened by its visitor', () => {
    const view = saying('it hums when I dim it')
    expect(eventsOf(view)).toEqual(expect.arrayContaining(['closed', 'reopened']))
    expect(view.status).toBe('open')
  })

  test('[F7] two answers crossed; it was closed with a transcript that went out, and rated', () => {
    const view = saying('le globe en verre')
    expect(messagesOf(view).find(({ crossed }) => crossed !== null)).toMatchObject({ by: bo, crossed: cy })
    expect(eventsOf(view).slice(-3)).toEqual(['closed', 'transcript', 'rated'])
    expect(view.rating).toEqual({ score: 4, text: 'Rapide et aimable' })
  })

  test('one answer was written without a network, and nothing else was', () => {
    const late = [...demo.views.values()].flatMap(({ timeline }) =>
      timeline.filter((item) => (item.stamp?.at ?? 0) - item.writtenAt > 60_000),
    )
    expect(late.map((item) => (item.type === 'event' ? item.event.is : item.by))).toEqual(
      expect.arrayContaining([ada, 'void-close']),
    )
    expect(late).toHaveLength(2)
  })

  test('comments mention colleagues, by name in the text and by principal beside it', () => {
    const [first] = commentsOf(saying('Third cracked shade'))
    expect(first).toMatchObject({ by: ada, mentions: [cy] })
    expect(plainText(first?.body ?? { type: 'doc', content: [] })).toContain('@Cy Moreau, can you ask')
  })

  test('one thread is long, one holds a very long word, an address and emoji', () => {
    expect(messagesOf(saying('small bistro')).length).toBeGreaterThanOrEqual(60)
    const text = messagesOf(saying('schraubenabdeckkappe'))
      .map(({ body }) => plainText(body))
      .join(' ')
    expect(Math.max(...text.split(/\s/).map((word) => word.length))).toBeGreaterThan(100)
    expect(text).toMatch(/\p{Emoji_Presentation}/u)
  })

  test('somebody came back: one visitor has two conversations', () => {
    const visitors = demo.rows.map(({ summary }) => summary.visitor)
    expect(visitors.length - new Set(visitors).size).toBe(1)
  })

  test('stamps follow the clock', async () => {
    for (const { timeline } of demo.views.values()) {
      for (const { stamp, writtenAt } of timeline) expect(stamp?.at ?? 0).toBeGreaterThanOrEqual(writtenAt)
    }
  })

  test('no mail goes out for them', async () => {
    expect(await demo.store.nextJobAt()).toBeNull()
  })

  test('what is settled is read; what just came in is not', () => {
    const { page, rows } = demo
    const read = new Map(page.rows.filter((row) => row.kind === 'marker').map((row) => [row.id, row.read]))
    for (const { id, summary } of rows) {
      const unread = summary.visitorMessages - (read.get(id) ?? 0)
      if (summary.status === 'closed') expect(unread, summary.last?.text).toBe(0)
    }
    expect(rows.some(({ id, summary }) => summary.visitorMessages > (read.get(id) ?? 0))).toBe(true)
  })

  test('it is written once: a second start changes nothing', async () => {
    await seedDemo(demo.store, idsAt(NOW + HOUR), WEBSITE)
    expect((await demo.store.feed(ada, 0, 1000)).cursor).toBe(demo.page.cursor)
  })
})

describe('the dates of the sample conversations', () => {
  test('all lie in the last week, none in the future, and the newest is minutes old', () => {
    for (const { summary } of demo.rows) {
      expect(summary.activeAt).toBeLessThanOrEqual(NOW)
      expect(summary.createdAt).toBeGreaterThan(NOW - 7 * 24 * HOUR)
    }
    expect(Math.max(...demo.rows.map(({ summary }) => summary.activeAt))).toBeGreaterThan(NOW - 10 * 60_000)
  })

  test('one has waited for more than half a day, and nobody has it', () => {
    const view = saying('engrave a name')
    expect(view.assignee).toBeNull()
    expect(NOW - (messagesOf(view).at(-1)?.stamp?.at ?? NOW)).toBeGreaterThan(12 * HOUR)
  })

  test('they are relative to the start: a month later everything is a month later', async () => {
    const month = 30 * 24 * HOUR
    const later = await seed(NOW + month)
    const times = ({ rows }: Seeded) => rows.map(({ summary }) => summary.activeAt).toSorted((a, b) => a - b)
    expect(times(later)).toEqual(times(demo).map((at) => at + month))
    await later.store.close()
  })
})
