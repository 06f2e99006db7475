import { expect } from 'vitest'
import { readEntry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import type { LedgerKind, Room } from '#conversation/rooms.ts'
import type { ConversationView, FoldEntry } from '#conversation/view.ts'
import type { StoredEntry } from '#server/store/port.ts'
import type { Count } from './people.ts'
import type { World } from './world.ts'

/** What everybody sees of a conversation, against what the store holds of it. */

export type Rows = Record<LedgerKind, StoredEntry[]>

/** Checks one conversation; gives how many of its closes are valid. */
export async function checkConversation(world: World, id: string, rows: Rows, count: Count): Promise<number> {
  checkStamps(rows)
  const forVisitor = fold(entriesOf({ kind: 'thread', conversation: id }, rows.thread))
  const forAgents = fold([
    ...entriesOf({ kind: 'thread', conversation: id }, rows.thread),
    ...entriesOf({ kind: 'team', conversation: id }, rows.team),
  ])
  const isListed = await checkSummary(world, id, forAgents)
  checkViews(world, id, { forAgents, forVisitor, isListed })
  for (const item of forAgents.timeline) {
    if (item.type === 'event') count(item.event.is)
    if (item.type === 'message' && item.crossed !== null) count('crossed')
  }
  return forVisitor.timeline.filter((item) => item.type === 'event' && item.event.is === 'closed').length
}

function entriesOf(room: Room, rows: StoredEntry[]): FoldEntry[] {
  return rows.map((row) => {
    const entry = readEntry(room.kind, row.text)
    if (entry === null) throw new Error(`the store holds what no device can read: ${row.text}`)
    return { ledger: room.kind, id: row.id, entry, stamp: { index: row.seq, at: row.at } }
  })
}

function checkStamps({ thread, team }: Rows): void {
  for (const rows of [thread, team]) {
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index))
    expect(new Set(rows.map((row) => row.id)).size, 'no entry twice').toBe(rows.length)
    expect(rows.map((row) => row.at)).toEqual(rows.map((row) => row.at).sort((a, b) => a - b))
  }
  const times = [...thread, ...team].map((row) => row.at)
  expect(new Set(times).size, 'stamp times over both ledgers').toBe(times.length)
}

interface Truth {
  forAgents: ConversationView
  forVisitor: ConversationView
  isListed: boolean
}

function checkViews(world: World, conversation: string, { forAgents, forVisitor, isListed }: Truth): void {
  for (const browser of world.browsers) {
    const isAgent = world.agents.includes(browser)
    const expected = isAgent ? forAgents : forVisitor
    for (const tab of browser.tabs) {
      const open = tab.open.get(conversation)
      if (open === undefined) continue
      // Of one that a restore has left without a message, agents know nothing any more.
      if (open.state === 'gone' && isAgent && !isListed) continue
      const timeline = open.view.timeline.filter((item) => item.refused === null)
      const what = `what ${browser.principal} sees of ${conversation}, ${open.state}`
      expect({ ...open.view, timeline, state: open.state }, what).toEqual({ ...expected, state: 'synced' })
    }
  }
}

/** Against the rows in the inboxes; gives whether agents are to have one: from the first message on. */
async function checkSummary(world: World, conversation: string, view: ConversationView): Promise<boolean> {
  const summary = await world.store.summary(conversation)
  expect(summary).toMatchObject({ status: view.status, assignee: view.assignee, ...view.contact })
  for (const { tabs } of world.agents) {
    for (const { device } of tabs) {
      const row = device.inbox.conversations.find((each) => each.id === conversation)
      if (summary?.last !== null) expect(row?.summary, 'the row in the inbox').toEqual(summary)
      else expect(row, 'a conversation without a message').toBeUndefined()
    }
  }
  return summary !== null && summary.last !== null
}
