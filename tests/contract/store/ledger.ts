import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalText } from '#conversation/canonical.ts'
import { roleOf, type Principal } from '#conversation/ids.ts'
import type { Stamped } from '#conversation/summary.ts'
import { SERVER_CLIENT } from '#conversation/wire.ts'
import type { Append, AppendResult, Asker } from '#server/store/port.ts'
import { ada, bo, conversations, openedBy, reduceAll, stranger, visitor } from '../../support/conversations.ts'
import { useStore, type Engine } from './use-store.ts'
import {
  agentAsker,
  agentDevice,
  begin,
  closed,
  comment,
  message,
  newId,
  NOW,
  team,
  thread,
  visitorDevice,
  visitorAsker,
} from './world.ts'

/** Heads, rows, summaries and transcript jobs. */
export function ledgerTests(engine: Engine): void {
  const world = useStore(engine)

  test('a room of no conversation has no head, no entries, no summary', async () => {
    const room = thread()
    expect(await world.store.head(room)).toBeNull()
    expect(await world.store.head(team(room))).toBeNull()
    expect(await world.store.entries(room, 0)).toEqual([])
    expect(await world.store.summary(room.conversation)).toBeNull()
    expect(await world.store.idsAt(room, [{ client: 100, clock: 0 }])).toEqual([null])
    expect(await world.store.markers(room)).toEqual(new Map())
  })

  test('a head knows the next index, and each client with its next clock and its owner', async () => {
    const { room, device } = await begin(world.store)
    const colleague = agentDevice(ada)
    await world.store.append([colleague.says(room, message(ada, '1'), message(ada, '2'), message(ada, '3'))], NOW)
    expect(await world.store.head(room)).toEqual({
      conversation: { id: room.conversation, inbox: 'demo', visitor },
      spans: [{ epoch: expect.any(Number), from: 0 }],
      next: 5,
      clients: new Map([
        [device.client, { clock: 2, principal: visitor }],
        [colleague.client, { clock: 3, principal: ada }],
      ]),
    })
  })

  test('the team ledger of a conversation has a head before anybody wrote in it', async () => {
    const { room } = await begin(world.store)
    expect(await world.store.head(team(room))).toMatchObject({ spans: [], next: 0, clients: new Map() })
    await world.store.append([agentDevice(bo).says(team(room), comment(bo, 'first'))], NOW)
    expect(await world.store.head(team(room))).toMatchObject({ next: 1 })
    expect(await world.store.head(room)).toMatchObject({ next: 2 })
  })

  test('entries from an index on, and ids by client and clock', async () => {
    const { room, device, message: id } = await begin(world.store)
    expect((await world.store.entries(room, 1)).map((entry) => entry.id)).toEqual([id])
    expect(await world.store.entries(room, 2)).toEqual([])
    const places = [
      { client: device.client, clock: 1 },
      { client: device.client, clock: 2 },
      { client: 1, clock: 0 },
    ]
    expect(await world.store.idsAt(room, places)).toEqual([id, null, null])
  })

  test('a client id of 32 bits, and text of every kind, come back as they were', async () => {
    const { room } = await begin(world.store)
    const device = agentDevice(ada)
    const text = 'Grüße 👋🏽, "quotes", \\backslash, \u2028 and 中文'
    const entry = { ...device.entry(message(ada, text)), client: 2 ** 32 - 1 }
    await world.store.append([device.update(room, entry)], NOW)
    expect((await world.store.entries(room, 2))[0]).toMatchObject({ text: entry.text, client: 2 ** 32 - 1 })
    expect((await world.store.head(room))?.clients.get(2 ** 32 - 1)?.clock).toBe(1)
  })

  test("a visitor's conversations, newest first, and nobody else's", async () => {
    const rooms = [thread(), thread(), thread()]
    for (const [i, room] of rooms.entries()) {
      const device = visitorDevice(i === 1 ? stranger : visitor)
      await world.store.append([device.says(room, openedBy(device.principal))], NOW + i)
    }
    const own = await world.store.conversationsOf(visitor)
    expect(own.map((summary) => summary.id)).toEqual([rooms[2]?.conversation, rooms[0]?.conversation])
    expect(await world.store.conversationsOf('visitor:01J00000000000000000000009')).toEqual([])
  })

  test('a valid close that asks for a transcript writes one job; a void one, and one that asks for none, writes none', async () => {
    const { room, device, message: first } = await begin(world.store)
    const colleague = agentDevice(ada)
    await world.store.append([device.says(room, message(visitor, 'one more thing'))], NOW)
    const stale = await world.store.append([colleague.says(room, closed(ada, first))], NOW)
    expect(stale.jobs).toBe(false)
    expect((await world.store.summary(room.conversation))?.status).toBe('open')

    const last = (await world.store.entries(room, 2))[0]?.id ?? ''
    const close = colleague.entry(closed(ada, last))
    const valid = await world.store.append([colleague.update(room, close)], NOW)
    expect(valid.jobs).toBe(true)
    const again = await world.store.append([agentDevice(bo).says(room, closed(bo, last))], NOW)
    expect(again.jobs).toBe(false)

    const job = await world.store.leaseJob('test', NOW + 1000, 60_000)
    expect(job).toEqual({
      key: `transcript/${close.id}`,
      kind: 'transcript',
      attempts: 1,
      payload: {
        conversation: room.conversation,
        close: close.id,
        upTo: 4,
        outcome: expect.stringMatching(/^[0-7][0-9A-Z]{25}$/),
      },
    })
    expect(await world.store.leaseJob('test', NOW + 1000, 60_000)).toBeNull()
  })

  test('a close without a transcript closes and writes no job', async () => {
    const { room, message: id } = await begin(world.store)
    const { jobs, rows } = await world.store.append([agentDevice(ada).says(room, closed(ada, id, 'no'))], NOW)
    expect(jobs).toBe(false)
    expect(rows[0]?.summary.status).toBe('closed')
  })

  test('two closes in one batch, of which the first counts, make one job; after a reopening the next makes another', async () => {
    const { room, device, message: id } = await begin(world.store)
    await world.store.append(
      [agentDevice(ada).says(room, closed(ada, id)), agentDevice(bo).says(room, closed(bo, id))],
      NOW,
    )
    const again = device.entry(message(visitor, 'wait'))
    await world.store.append([device.update(room, again)], NOW)
    await world.store.append([agentDevice(bo).says(room, closed(bo, again.id))], NOW)
    const keys = new Set<string>()
    for (let job; (job = await world.store.leaseJob('test', NOW + 1000, 60_000)) !== null;) keys.add(job.key)
    expect(keys.size).toBe(2)
  })

  test('[S1] the stored summary is what reducing all rows gives, for any conversation in any batches', async () => {
    await fc.assert(
      fc.asyncProperty(conversations, fc.integer({ min: 1, max: 6 }), async (made, size) => {
        const conversation = newId()
        const updates = updatesOf(conversation, made)
        const results: AppendResult[] = []
        for (let i = 0; i < updates.length; i += size) {
          results.push(...(await world.store.append(updates.slice(i, i + size), NOW + i)).results)
        }
        // What the gate would have refused (a visitor closing for agents, say) is left out of the expectation.
        const kept = made.filter((_, i) => results[i]?.status === 'stored')
        const places = new Map(
          results.flatMap((result, i) =>
            result.status === 'stored'
              ? result.entries.map(({ seq, at }) => [made[i]?.id, { index: seq, at }] as const)
              : [],
          ),
        )
        const stamped = kept.map((each) => ({ ...each, stamp: places.get(each.id) ?? each.stamp }))
        expect(kept.length).toBeGreaterThan(0)
        expect(await world.store.summary(conversation)).toEqual(reduceAll(conversation, stamped))
      }),
      { numRuns: 60 },
    )
  })

  test('closing and opening again keeps everything', async () => {
    const { room, message: id } = await begin(world.store)
    await world.store.append(
      [agentDevice(bo).says(team(room), comment(bo, 'kept')), agentDevice(ada).says(room, closed(ada, id))],
      NOW,
    )
    await world.store.markSeen(ada, room, id)
    const state = async () => ({
      heads: [await world.store.head(room), await world.store.head(team(room))],
      rows: [await world.store.entries(room, 0), await world.store.entries(team(room), 0)],
      summary: await world.store.summary(room.conversation),
      markers: await world.store.markers(room),
      feed: (await world.store.feed(ada, 0, 100)).rows,
      due: await world.store.nextJobAt(),
    })
    const before = await state()
    const { cursor } = await world.store.feed(ada, 0, 100)
    await world.reopen()
    expect(await state()).toEqual(before)
    // What an earlier run has given goes on.
    expect(await world.store.feed(ada, cursor, 100)).toMatchObject({ rows: [], more: false })
    expect(await world.store.feed(ada, cursor, 100)).not.toHaveProperty('anew')
    expect(before.due).toBe(NOW)
  })
}

/** Each entry as an update of its own, under one client id a principal and ledger. */
function updatesOf(conversation: string, made: Stamped[]): Append[] {
  const clocks = new Map<string, number>()
  return made.map(({ id, ledger, entry }) => {
    const key = `${ledger}/${entry.by}`
    const clock = clocks.get(key) ?? 0
    const server = roleOf(entry.by) === 'bot'
    if (!server) clocks.set(key, clock + 1)
    const client = server ? SERVER_CLIENT : clientOf(entry.by)
    const entries = [{ id, client, clock: server ? null : clock, text: canonicalText(entry), entry }]
    return { room: { kind: ledger, conversation }, principal: entry.by, asker: askerOf(entry.by), entries }
  })
}

const clientOf = (by: Principal): number => 1000 + [visitor, ada, bo].indexOf(by)

function askerOf(by: Principal): Asker {
  const role = roleOf(by)
  return role === 'visitor' ? visitorAsker() : role === 'agent' ? agentAsker('demo') : { role: 'server' }
}
