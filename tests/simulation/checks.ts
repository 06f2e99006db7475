import { expect } from 'vitest'
import { readEntry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import type { Room } from '#conversation/rooms.ts'
import type { ConversationView, FoldEntry } from '#conversation/view.ts'
import type { StoredEntry } from '#server/store/port.ts'
import type { Browser } from './browser.ts'
import { SECRET, startedBy } from './steps.ts'
import type { World } from './world.ts'

/** What must hold when nothing moves any more. */

/** Everybody looks at everything that they may see. */
export async function lookAtAll(world: World): Promise<void> {
  for (const agent of world.agents) for (const tab of agent.tabs) for (const id of await all(world)) tab.look(id)
  for (const visitor of world.visitors) {
    for (const tab of visitor.tabs) for (const id of await startedBy(world, visitor)) tab.look(id)
  }
}

/** Whether every device is live and synced, and nothing waits. */
export function isAtRest(world: World): boolean {
  return world.browsers.every(({ tabs }) =>
    tabs.every(
      ({ device, open }) =>
        device.connection.state === 'live' &&
        device.connection.waiting === 0 &&
        [...open.values()].every(({ state }) => state === 'synced' || state === 'gone'),
    ),
  )
}

/** Asserts every invariant; counts what was seen, so that the runs together can be shown to be no idle ones. */
export async function checkAll(world: World, count: (what: string, times?: number) => void): Promise<void> {
  let validCloses = 0
  const stored = new Map<string, StoredEntry>()
  for (const conversation of await all(world)) {
    const thread = await world.store.entries({ kind: 'thread', conversation }, 0)
    const team = await world.store.entries({ kind: 'team', conversation }, 0)
    checkStamps(thread, team)
    for (const row of [...thread, ...team]) stored.set(row.id, row)
    const forVisitor = fold(entriesOf({ kind: 'thread', conversation }, thread))
    const forAgents = fold([
      ...entriesOf({ kind: 'thread', conversation }, thread),
      ...entriesOf({ kind: 'team', conversation }, team),
    ])
    checkViews(world, conversation, forAgents, forVisitor)
    validCloses += closesIn(forVisitor)
    for (const item of forAgents.timeline) {
      if (item.type === 'event') count(item.event.is)
      if (item.type === 'message' && item.crossed !== null) count('crossed')
    }
    await checkSummary(world, conversation, forAgents)
  }
  checkWritten(world, stored)
  checkOutboxes(world, count)
  checkSecrecy(world)
  expect(await jobs(world), 'transcript jobs, one for each valid close').toBe(validCloses)
}

async function all(world: World): Promise<string[]> {
  const ids = await Promise.all(world.visitors.map((visitor) => startedBy(world, visitor)))
  return ids.flat()
}

function entriesOf(room: Room, rows: StoredEntry[]): FoldEntry[] {
  return rows.map((row) => {
    const entry = readEntry(room.kind, row.text)
    if (entry === null) throw new Error(`the store holds what no device can read: ${row.text}`)
    return { ledger: room.kind, id: row.id, entry, stamp: { index: row.seq, at: row.at } }
  })
}

function checkStamps(thread: StoredEntry[], team: StoredEntry[]): void {
  for (const rows of [thread, team]) {
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index))
    expect(new Set(rows.map((row) => row.id)).size, 'no entry twice').toBe(rows.length)
  }
  const times = [...thread, ...team].map((row) => row.at)
  expect(new Set(times).size, 'stamp times over both ledgers').toBe(times.length)
}

function checkViews(
  world: World,
  conversation: string,
  forAgents: ConversationView,
  forVisitor: ConversationView,
): void {
  for (const browser of world.browsers) {
    const expected = world.agents.includes(browser) ? forAgents : forVisitor
    for (const tab of browser.tabs) {
      const open = tab.open.get(conversation)
      if (open === undefined || open.state === 'gone') continue
      const timeline = open.view.timeline.filter((item) => item.refused === null)
      expect({ ...open.view, timeline }, `what ${browser.principal} sees of ${conversation}`).toEqual(expected)
    }
  }
}

async function checkSummary(world: World, conversation: string, view: ConversationView): Promise<void> {
  const summary = await world.store.summary(conversation)
  expect(summary).toMatchObject({ status: view.status, assignee: view.assignee, ...view.contact })
  for (const { tabs } of world.agents) {
    for (const { device } of tabs) {
      const row = device.inbox.conversations.find((each) => each.id === conversation)
      if (summary?.last !== null) expect(row?.summary, 'the row in the inbox').toEqual(summary)
    }
  }
}

/** What people wrote is stored, in their name, or in their hands as refused; and nothing else is in their name. */
function checkWritten(world: World, stored: ReadonlyMap<string, StoredEntry>): void {
  for (const [id, by] of world.written) {
    const row = stored.get(id)
    const refusedHere = world.browsers.some((browser) => browser.principal === by && isRefused(browser, id))
    expect(row?.by ?? (refusedHere ? by : 'nobody'), `who has ${id}`).toBe(by)
    expect(row !== undefined && refusedHere, `${id} is stored, and refused`).toBe(false)
  }
  for (const row of stored.values()) {
    const honest = world.browsers.some(({ principal }) => principal === row.by)
    if (honest) expect(world.written.get(row.id), `${row.text} was never written`).toBe(row.by)
    else expect(row.by, `who wrote ${row.text}`).toBe(world.eve)
  }
}

function isRefused({ tabs }: Browser, id: string): boolean {
  return tabs.some(({ open }) =>
    [...open.values()].some(({ view }) => view.timeline.some((item) => item.id === id && item.refused !== null)),
  )
}

function checkOutboxes(world: World, count: (what: string, times?: number) => void): void {
  for (const { tabs } of world.browsers) {
    for (const { device } of tabs) {
      expect(device.connection.waiting, 'nothing waits').toBe(0)
      count('refused', device.connection.refused)
    }
  }
}

function checkSecrecy(world: World): void {
  for (const { link } of world.visitors) {
    for (const bytes of link.received) {
      expect(
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(SECRET),
        'a comment on a visitor’s wire',
      ).toBe(false)
    }
  }
}

function closesIn(view: ConversationView): number {
  return view.timeline.filter((item) => item.type === 'event' && item.event.is === 'closed').length
}

async function jobs(world: World): Promise<number> {
  let count = 0
  while ((await world.store.leaseJob('check', Date.now(), 60_000)) !== null) count++
  return count
}
