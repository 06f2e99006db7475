import { expect, test } from 'vitest'
import type { FeedRow } from '#conversation/rows.ts'
import { reduce, type Stamped, type Summary } from '#conversation/summary.ts'
import type { Entry } from '#conversation/entries.ts'
import type { Principal } from '#conversation/ids.ts'
import type { Device } from '#sync/port.ts'
import { body, openedBy, stamp } from '../../support/conversations.ts'
import { Browser, newId, newPrincipal, until } from './browser.ts'
import { RelayDouble } from './relay-double.ts'

const said = (by: Principal, text: string): Entry => ({ kind: 'message', by, at: 1, channel: 'chat', body: body(text) })

/** The relay's side of a conversation: its entries in the room, and its row. */
function conversation(relay: RelayDouble, version: number, words: string[], from?: number) {
  const id = newId()
  const guest = newPrincipal('visitor')
  const stamped = stamp([openedBy(guest), ...words.map((each) => said(guest, each))], from)
  const room = relay.room(`conversation/${id}/thread`)
  for (const each of stamped) room.add(each.id, JSON.stringify(each.entry))
  return { id, guest, room, stamped, row: rowOf(id, version, stamped) }
}

function rowOf(id: string, version: number, stamped: Stamped[]): FeedRow {
  const summary = stamped.reduce<Summary | null>((so, each) => reduce(id, so, each, undefined), null)
  if (summary === null) throw new Error('no summary')
  return { kind: 'conversation', id, version, summary }
}

const ids = (device: Device) => device.inbox.conversations.map((row) => row.id)

test('the feed is followed page by page, kept with its cursor, and resumed from there', async () => {
  const relay = new RelayDouble()
  const all = [1, 2, 3, 4, 5].map((version) => conversation(relay, version, ['Hello'], version * 1_000_000))
  relay.rows = all.map((each) => each.row)
  const browser = new Browser(relay, newPrincipal('agent'))
  const device = await browser.tab()
  const newestFirst = all.map((each) => each.id).reverse()
  await until(() => expect(ids(device)).toEqual(newestFirst))
  expect(device.inbox.loaded).toBe(true)
  await device.close()

  relay.network = 'down'
  const offline = await browser.tab()
  expect(ids(offline)).toEqual(newestFirst)
  const gone: FeedRow = { kind: 'gone', of: 'conversation', id: all[0]?.id ?? '', version: 6 }
  relay.rows.push(gone)
  relay.network = 'up'
  await until(() => expect(ids(offline)).toEqual(newestFirst.slice(0, 4)))
  expect([relay.follows[0], relay.follows.at(-1)]).toEqual([0, 5])
  relay.publish(conversation(relay, 7, ['Live'], 9_000_000).row)
  await until(() => expect(offline.inbox.conversations[0]?.summary.last?.text).toBe('Live'))
})

test('a server that went back behind the device’s cursor is believed', async () => {
  const relay = new RelayDouble()
  const [old, kept] = [conversation(relay, 8, ['old']), conversation(relay, 9, ['kept'])]
  relay.rows = [old.row, kept.row]
  const browser = new Browser(relay, newPrincipal('agent'))
  const device = await browser.tab()
  await until(() => expect(ids(device)).toHaveLength(2))
  relay.rows = [rowOf(kept.id, 3, kept.stamped)]
  relay.cut()
  await until(() => expect(ids(device)).toEqual([kept.id]))
  await device.close()
  relay.network = 'down'
  expect(ids(await browser.tab())).toEqual([kept.id])
})

test('what an agent does offline shows in the list at once, and the list does not jump when it is stored', async () => {
  const relay = new RelayDouble()
  const { id, row, stamped } = conversation(relay, 1, ['Help'])
  relay.rows = [row]
  const agent = newPrincipal('agent')
  const device = await new Browser(relay, agent).tab()
  const talk = device.open(id)
  await until(() => expect(talk.state).toBe('synced'))
  await until(() => expect(ids(device)).toEqual([id]))
  relay.network = 'down'
  relay.cut()
  await talk.write.assign(agent)
  await talk.write.message(body('Here I am'))
  await talk.write.close()
  const line = () => {
    const found = device.inbox.conversations[0]
    return found && { ...found.summary, waiting: found.waiting }
  }
  const done = {
    status: 'closed',
    assignee: agent,
    last: expect.objectContaining({ text: 'Here I am' }),
    agentMessages: 1,
  }
  expect(line()).toMatchObject({ ...done, waiting: true })

  relay.network = 'up'
  await until(() => expect(line()?.waiting).toBe(false))
  expect(line()).toMatchObject(done)
  // The relay's own row, a moment later, says the same.
  const after = stamp([said(agent, 'Here I am')], 2_000_000_000_000)[0]
  if (after === undefined) throw new Error('nothing stamped')
  relay.publish(rowOf(id, 2, [...stamped, { ...after, stamp: { ...after.stamp, index: 2 } }]))
  await until(() => expect(device.inbox.conversations[0]?.version).toBe(2))
  expect(line()).toMatchObject({ agentMessages: 1, status: 'closed' })
})

test('unread counts visitor messages that were not seen here or elsewhere; seen is told again after a reconnection', async () => {
  const relay = new RelayDouble()
  const { id, row, room } = conversation(relay, 1, ['one', 'two', 'three'])
  relay.rows = [row]
  const browser = new Browser(relay, newPrincipal('agent'))
  const device = await browser.tab()
  const unread = (of: Device) => of.inbox.conversations[0]?.unread
  await until(() => expect(unread(device)).toBe(3))
  const talk = device.open(id)
  await until(() => expect(talk.view.timeline).toHaveLength(4))
  relay.network = 'down'
  relay.cut()
  const [, , second = '', third = ''] = room.ids
  talk.markSeen(second)
  expect(unread(device)).toBe(1)
  await device.close()

  const next = await browser.tab()
  expect(unread(next)).toBe(1)
  relay.network = 'up'
  await until(() => expect(relay.seen).toContainEqual({ room: `conversation/${id}/thread`, entry: second }))
  relay.publish({ kind: 'marker', id, version: 2, entry: third, read: 3 })
  await until(() => expect(unread(next)).toBe(0))
  relay.seen.length = 0
  const before = relay.follows.length
  relay.cut()
  await until(() => expect(relay.follows.length).toBeGreaterThan(before))
  expect(relay.seen).toEqual([])
})
