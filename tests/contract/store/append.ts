import { expect, test } from 'vitest'
import { ada, bo, body, openedBy, stranger, visitor } from '../../support/conversations.ts'
import { useStore, type Engine } from './use-store.ts'
import {
  agentDevice,
  begin,
  closed,
  comment,
  Device,
  fromServer,
  message,
  newId,
  NOW,
  storedBy,
  team,
  thread,
  visitorAsker,
  visitorDevice,
} from './world.ts'

/** The verdicts of an append, and that a refused update leaves nothing behind. */
export function appendTests(engine: Engine): void {
  const world = useStore(engine)

  test('a visitor starts a conversation; the entries come back stamped from 0', async () => {
    const room = thread()
    const device = visitorDevice()
    const update = device.says(room, openedBy(visitor), message(visitor, 'Hello'))
    const { results, rows, jobs } = await world.store.append([update], NOW)
    const entries = storedBy(results[0])
    expect(results[0]).toMatchObject({ status: 'stored', epoch: expect.any(Number) })
    expect(entries.map(({ seq, at, id, client, clock, by, text }) => [seq, at, id, client, clock, by, text])).toEqual(
      update.entries.map(({ id, text }, i) => [i, NOW + i, id, device.client, i, visitor, text]),
    )
    expect(await world.store.entries(room, 0)).toEqual(entries)
    expect(rows).toEqual([
      {
        kind: 'conversation',
        id: room.conversation,
        version: expect.any(Number),
        summary: await world.store.summary(room.conversation),
      },
    ])
    expect(jobs).toBe(false)
  })

  test('agents get no row of a conversation before its first message', async () => {
    const room = thread()
    const device = visitorDevice()
    const first = await world.store.append([device.says(room, openedBy(visitor))], NOW)
    expect(first.results[0]?.status).toBe('stored')
    expect(first.rows).toEqual([])
    const second = await world.store.append([device.says(room, message(visitor, 'Hello'))], NOW)
    expect(second.rows.map((row) => row.id)).toEqual([room.conversation])
  })

  test('one bad entry refuses its whole update and no other', async () => {
    const { room, device, message: first } = await begin(world.store)
    const other = agentDevice(bo)
    const good = device.entry(message(visitor, 'lost with the next'))
    const bad = device.entry(comment(visitor, 'not for visitors'))
    const { results } = await world.store.append(
      [other.says(room, message(bo, 'before')), device.update(room, good, bad), other.says(room, message(bo, 'after'))],
      NOW,
    )
    expect(results.map((result) => result.status)).toEqual(['stored', 'refused', 'stored'])
    expect(results[1]).toMatchObject({
      reason: expect.stringMatching(new RegExp(`^${bad.id}: comment is not for visitors`)),
    })
    const stored = await world.store.entries(room, 0)
    expect(stored).toHaveLength(4)
    expect(stored.map((entry) => entry.seq)).toEqual([0, 1, 2, 3])
    expect(stored[1]?.id).toBe(first)
    // Nothing of the refused update is remembered: its clocks are still free.
    expect((await world.store.head(room))?.clients.get(device.client)?.clock).toBe(2)
    expect((await world.store.summary(room.conversation))?.visitorMessages).toBe(1)
  })

  test('later updates of a batch see earlier ones: a new conversation, its next messages, and an edit', async () => {
    const room = thread()
    const device = visitorDevice()
    const opening = device.says(room, openedBy(visitor))
    const said = device.entry(message(visitor, 'Helo'))
    const { results, rows } = await world.store.append(
      [
        opening,
        device.update(room, said),
        device.says(room, { kind: 'edited', by: visitor, at: NOW, entry: said.id, body: body('Hello') }),
        agentDevice(ada).says(room, message(ada, 'Hi')),
        agentDevice(bo).says(team(room), comment(bo, 'mine')),
      ],
      NOW,
    )
    expect(results.map((result) => result.status)).toEqual(Array(5).fill('stored'))
    expect(rows).toHaveLength(1)
    expect(rows[0]?.summary).toMatchObject({ visitorMessages: 1, agentMessages: 1, next: { thread: 4, team: 1 } })
  })

  test('an update that depends on a refused one is not stored', async () => {
    const room = thread()
    const device = visitorDevice()
    const opened = device.entry({ ...openedBy(visitor), inbox: 'another' } as ReturnType<typeof openedBy>)
    const { results } = await world.store.append(
      [device.update(room, opened), device.says(room, message(visitor, 'Hello'))],
      NOW,
    )
    expect(results).toEqual([
      { status: 'refused', reason: `${opened.id}: not the inbox of this visitor` },
      { status: 'ahead' },
    ])
    expect(await world.store.head(room)).toBeNull()
    expect(await world.store.entries(room, 0)).toEqual([])
  })

  test('clocks: a gap is ahead, a used clock is stale', async () => {
    const { room, device } = await begin(world.store)
    const skipped = device.entry(message(visitor, 'never sent'))
    const next = device.entry(message(visitor, 'after a gap'))
    const used = { ...device.entry(message(visitor, 'another')), clock: 1 }
    const { results } = await world.store.append([device.update(room, next), device.update(room, used)], NOW)
    expect(results.map((result) => result.status)).toEqual(['ahead', 'stale'])
    const both = await world.store.append([device.update(room, skipped, next)], NOW)
    expect(both.results[0]?.status).toBe('stored')
  })

  test('a client id belongs to the first principal that used it', async () => {
    const { room, device } = await begin(world.store)
    const thief = new Device(ada, agentDevice(ada).asker, device.client)
    // With the very clock that comes next: only the owner is wrong.
    const taken = { ...thief.entry(message(ada, 'mine now')), clock: 2 }
    const { results } = await world.store.append([thief.update(room, taken)], NOW)
    expect(results[0]?.status).toBe('stale')
    // In another document the same number is free.
    const honest = new Device(ada, agentDevice(ada).asker, device.client)
    const elsewhere = await world.store.append([honest.says(team(room), comment(ada, 'fine'))], NOW)
    expect(elsewhere.results[0]?.status).toBe('stored')
  })

  test('a known id: stale for the same entry from another copy, refused for another text or author', async () => {
    const { room, message: known } = await begin(world.store)
    const copy = visitorDevice()
    const same = copy.update(room, copy.entry(message(visitor, 'Hello'), known))
    const text = visitorDevice()
    const other = text.update(room, text.entry(message(visitor, 'Bye'), known))
    const author = agentDevice(bo)
    const foreign = author.update(room, author.entry(message(bo, 'Hello'), known))
    const { results } = await world.store.append([same, other, foreign], NOW)
    expect(results[0]?.status).toBe('stale')
    expect(results.slice(1)).toEqual(
      Array(2).fill({ status: 'refused', reason: `${known}: another entry has this id` }),
    )
    expect(await world.store.entries(room, 0)).toHaveLength(2)
  })

  test('an id twice: in one update refused, in one batch judged like any known id', async () => {
    const { room, device } = await begin(world.store)
    const id = newId()
    const twice = device.update(
      room,
      device.entry(message(visitor, 'one'), id),
      device.entry(message(visitor, 'two'), id),
    )
    const first = agentDevice(ada)
    const second = agentDevice(ada)
    const { results } = await world.store.append(
      [
        twice,
        first.update(room, first.entry(message(ada, 'same'), id)),
        second.update(room, second.entry(message(ada, 'same'), id)),
      ],
      NOW,
    )
    expect(results.map((result) => result.status)).toEqual(['refused', 'stored', 'stale'])
    expect(results[0]).toMatchObject({ reason: expect.stringContaining(id) })
  })

  test('the same id may stand in the thread and in the team', async () => {
    const { room, message: id } = await begin(world.store)
    const device = agentDevice(ada)
    const { results } = await world.store.append([device.update(team(room), device.entry(comment(ada, 'hm'), id))], NOW)
    expect(results[0]?.status).toBe('stored')
  })

  test('the server appends under its own client; doing it again is known, and changes nothing', async () => {
    const { room, message: close } = await begin(world.store)
    const outcome = { kind: 'transcript', by: 'system', at: NOW, close, to: null, status: 'no-address' } as const
    const id = newId()
    const first = await world.store.append([fromServer(room, outcome, id), fromServer(room, outcome)], NOW)
    expect(first.results.flatMap((result) => storedBy(result)).map((entry) => [entry.client, entry.clock])).toEqual([
      [2, 0],
      [2, 1],
    ])
    const again = await world.store.append([fromServer(room, outcome, id)], NOW)
    expect(again).toEqual({ results: [{ status: 'known' }], rows: [], jobs: false })
    const other = await world.store.append([fromServer(room, { ...outcome, to: 'a@example.com' }, id)], NOW)
    expect(other.results[0]?.status).toBe('refused')
  })

  test('the server client is not for devices, and a server brings no clock', async () => {
    const { room } = await begin(world.store)
    const device = new Device(ada, agentDevice(ada).asker, 2)
    const server = { ...fromServer(room, closed('system', null)), asker: { role: 'server' } as const }
    server.entries = server.entries.map((entry) => ({ ...entry, clock: 7 }))
    const { results } = await world.store.append([device.says(room, message(ada, 'x')), server], NOW)
    expect(results.map((result) => result.status)).toEqual(['refused', 'refused'])
  })

  test('access is checked again: strangers, other inboxes, foreign targets', async () => {
    const { room, message: said } = await begin(world.store)
    const intruder = new Device(stranger, visitorAsker(), 9001)
    const outsider = agentDevice(bo, 'another')
    const editor = agentDevice(ada)
    const change = { kind: 'retracted', by: ada, at: NOW, entry: said } as const
    const { results } = await world.store.append(
      [
        intruder.says(room, message(stranger, 'let me in')),
        visitorDevice(stranger).says(room, openedBy(stranger)),
        outsider.says(room, message(bo, 'me too')),
        editor.says(room, change),
        agentDevice(ada).says(room, message(bo, 'by somebody else')),
      ],
      NOW,
    )
    expect(results.map((result) => (result.status === 'refused' ? result.reason.slice(28) : result.status))).toEqual([
      'not your conversation',
      'not your conversation',
      'not a member of this inbox',
      'it names an entry that is not your message',
      'by is somebody else',
    ])
    expect(await world.store.entries(room, 0)).toHaveLength(2)
  })

  test('a conversation that two visitors start at once belongs to the first', async () => {
    const room = thread()
    const first = visitorDevice(visitor)
    const second = visitorDevice(stranger)
    const { results } = await world.store.append(
      [first.says(room, openedBy(visitor)), second.says(room, openedBy(stranger))],
      NOW,
    )
    expect(results.map((result) => result.status)).toEqual(['stored', 'refused'])
    expect((await world.store.head(room))?.conversation.visitor).toBe(visitor)
  })

  test('a batch is one transaction: if it fails, nothing of it is stored', async () => {
    const { room, device } = await begin(world.store)
    const good = device.says(room, message(visitor, 'good'))
    // What no gate lets through, and no column takes: the engine fails after it has written the first update.
    const broken = new Device(ada, agentDevice(ada).asker, 9000.5).says(room, message(ada, 'x'))
    const before = await world.store.summary(room.conversation)
    await expect(world.store.append([good, broken], NOW)).rejects.toThrow()
    expect(await world.store.entries(room, 0)).toHaveLength(2)
    expect(await world.store.summary(room.conversation)).toEqual(before)
    expect((await world.store.append([good], NOW)).results[0]?.status).toBe('stored')
  })

  test('at rises strictly over both ledgers, whatever the clock does', async () => {
    const { room, device } = await begin(world.store)
    const colleague = agentDevice(ada)
    const clock = [NOW + 500, NOW + 500, NOW - 60_000, NOW - 60_000, NOW + 400, NOW + 9000]
    for (const [i, now] of clock.entries()) {
      const update =
        i % 2 === 0 ? colleague.says(team(room), comment(ada, 'c')) : device.says(room, message(visitor, 'm'))
      expect((await world.store.append([update], now)).results[0]?.status).toBe('stored')
    }
    const teamTimes = (await world.store.entries(team(room), 0)).map((entry) => entry.at)
    const threadTimes = (await world.store.entries(room, 2)).map((entry) => entry.at)
    expect(teamTimes.map((at) => at - NOW)).toEqual([500, 502, 504])
    expect(threadTimes.map((at) => at - NOW)).toEqual([501, 503, 9000])
  })

  test('conversations do not disturb each other', async () => {
    const a = await begin(world.store)
    const b = await begin(world.store, thread(), stranger)
    await world.store.append([b.device.says(b.room, message(stranger, 'more'))], NOW)
    expect((await world.store.head(a.room))?.next).toBe(2)
    expect((await world.store.head(b.room))?.next).toBe(3)
  })
}
