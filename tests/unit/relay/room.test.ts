import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { canonicalText } from '#conversation/canonical.ts'
import { roomName } from '#conversation/rooms.ts'
import { CloseCode } from '#conversation/wire.ts'
import { FLUSH_ENTRIES } from '#server/relay/limits.ts'
import { update } from '#server/relay/message.ts'
import type { Append, Commit } from '#server/store/port.ts'
import { block, entry, updateOf } from './bytes.ts'
import {
  ada,
  begun,
  bo,
  callerOf,
  comment,
  join,
  message,
  newId,
  NOW,
  openedBy,
  stranger,
  teamOf,
  TestPeer,
  thread,
  until,
  useWorld,
  visitor,
} from './support.ts'

const world = useWorld()

describe('[R9] commit, then tell', () => {
  test('a message reaches everybody with its stamp, the sender included, and the feed hears of it', async () => {
    const { room, peer, first } = await begun(world)
    const agent = await join(world, ada, room)
    expect(agent.stamps).toEqual(peer.stamps)
    const id = agent.write(message(ada, 'How can I help?'))
    await until(() => peer.stamps.length === 3 && agent.stamps.length === 3)
    expect(peer.stamps[2]).toBe(id)
    expect(peer.texts).toEqual(agent.texts)
    const rows = world.told.flatMap((each) => (each.type === 'rows' ? each.rows : []))
    expect(rows.at(-1)).toMatchObject({ kind: 'conversation', id: room.conversation, summary: { last: { entry: id } } })
    expect(first).toBe(peer.stamps[1])
  })

  test('nobody hears of an entry before the store has it', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    const gate = Promise.withResolvers<void>()
    const { store } = world
    const append = store.append.bind(store)
    let asked = false
    world.breakStore({
      append: async (updates: Append[], now: number): Promise<Commit> => {
        asked = true
        await gate.promise
        return await append(updates, now)
      },
    })
    const heard = peer.received.length
    const id = agent.write(message(ada, 'Wait for it'))
    await until(() => asked)
    expect(peer.received.length).toBe(heard)
    gate.resolve()
    await until(() => peer.stamps.includes(id))
  })

  test('updates that wait together are one transaction, told in one frame', async () => {
    const { room, peer } = await begun(world)
    const agents = [await join(world, ada, room), await join(world, bo, room)]
    const { store } = world
    const append = store.append.bind(store)
    const batches: number[] = []
    world.breakStore({
      append: async (updates: Append[], now: number) => {
        batches.push(updates.length)
        return await append(updates, now)
      },
    })
    const heard = peer.received.length
    for (const [i, agent] of agents.entries()) agent.write(message(i === 0 ? ada : bo, 'At once'))
    await until(() => peer.stamps.length === 4)
    expect(batches).toEqual([2])
    expect(peer.received.length).toBe(heard + 1)
  })

  test('an update is never split, however long', async () => {
    const { room, peer } = await begun(world)
    const texts = Array.from({ length: FLUSH_ENTRIES + 10 }, (_, i) =>
      entry(newId(), canonicalText(message(visitor, `No ${i}`))),
    )
    const tab = await join(world, visitor, room, true)
    await tab.send(update(updateOf([block(4711, 0, ...texts)])))
    await until(() => peer.stamps.length === FLUSH_ENTRIES + 12)
    expect((await world.store.head(room))?.next).toBe(FLUSH_ENTRIES + 12)
  })

  test('what the store refuses is refused alone', async () => {
    const { room, peer, first } = await begun(world)
    const thief = await join(world, ada, room, true)
    const honest = await join(world, bo, room)
    const bytes = updateOf([block(4711, 0, entry(first, canonicalText(message(ada, 'Mine'))))])
    const id = honest.write(message(bo, 'Fine'))
    await thief.send(update(bytes))
    await until(() => peer.stamps.includes(id) && thief.closed !== null)
    expect(thief.closed?.code).toBe(CloseCode.RefusedEntry)
    expect(honest.closed).toBeNull()
    // Its clock is free again: nothing of the refused update is remembered.
    const again = await join(world, bo, room, true)
    const next = newId()
    await again.send(update(updateOf([block(4711, 0, entry(next, canonicalText(message(bo, 'Next'))))])))
    await until(() => peer.stamps.includes(next))
  })

  test('what is refused after its sender has gone and come back is refused to whoever has it now', async () => {
    const { room } = await begun(world)
    const gone = await join(world, ada, room)
    const gate = Promise.withResolvers<void>()
    const append = world.store.append.bind(world.store)
    let asked = false
    world.breakStore({
      append: async (updates: Append[], now: number) => {
        asked = true
        await gate.promise
        return await append(updates, now)
      },
    })
    // Only the store can know that it names nothing.
    const id = gone.write({ kind: 'retracted', by: ada, at: NOW, entry: newId() })
    await until(() => asked)
    gone.leave()
    const back = new TestPeer(world, callerOf(ada), room)
    Y.applyUpdate(back.doc, Y.encodeStateAsUpdate(gone.doc), 'relay')
    // What waits counts as here, so it is not sent again.
    await back.joined()
    gate.resolve()
    await until(() => back.closed !== null)
    expect(back.closed).toMatchObject({ code: CloseCode.RefusedEntry, reason: expect.stringContaining(id) })
  })

  test('a store that fails closes the rooms of the flush with 4503, others stay, and nothing is lost', async () => {
    const { room } = await begun(world)
    const elsewhere = await begun(world)
    const agent = await join(world, ada, room)
    world.breakStore({ append: () => Promise.reject(new Error('disk full')) })
    const id = agent.write(message(ada, 'Will be sent again'))
    await until(() => agent.closed !== null)
    expect(agent.closed?.code).toBe(CloseCode.TryAgain)
    expect(elsewhere.peer.closed).toBeNull()
    expect(world.logged).toContain('the store failed to append')
    world.mend()
    const back = new TestPeer(world, callerOf(ada), room)
    back.doc.clientID = agent.doc.clientID
    back.write(message(ada, 'Will be sent again'), id)
    await until(() => back.stamps.includes(id))
  })
})

describe('[R10] loading', () => {
  test('messages wait for the load, in order; one load for all', async () => {
    const { room, peer } = await begun(world)
    peer.leave()
    await until(() => world.rooms.size === 0)
    const gate = Promise.withResolvers<void>()
    const { store } = world
    const head = store.head.bind(store)
    let loads = 0
    world.breakStore({
      head: async (of) => {
        loads++
        await gate.promise
        return await head(of)
      },
    })
    const peers = [new TestPeer(world, callerOf(ada), room), new TestPeer(world, callerOf(bo), room)]
    const id = peers[0]?.write(message(ada, 'Early'))
    gate.resolve()
    await until(() => peers.every((each) => each.stamps.at(-1) === id && each.stamps.length === 3))
    expect(loads).toBe(1)
  })

  test('a load that fails closes with 4503, and the next try loads again', async () => {
    const { room, peer } = await begun(world)
    peer.leave()
    world.breakStore({ head: () => Promise.reject(new Error('disk gone')) })
    expect((await join(world, ada, room)).closed?.code).toBe(CloseCode.TryAgain)
    world.mend()
    const agent = await join(world, ada, room)
    expect(agent.closed).toBeNull()
    expect(agent.stamps.length).toBe(2)
  })

  test('an empty room is forgotten, but not while something of it waits to be stored', async () => {
    const { room, peer } = await begun(world)
    const gate = Promise.withResolvers<void>()
    const { store } = world
    const append = store.append.bind(store)
    world.breakStore({ append: async (updates, now) => (await gate.promise, await append(updates, now)) })
    const id = peer.write(message(visitor, 'Bye'))
    await peer.joined()
    peer.leave()
    expect(world.rooms.size).toBe(1)
    const agent = await join(world, ada, room)
    expect(agent.stamps.length).toBe(2)
    gate.resolve()
    await until(() => agent.stamps.at(-1) === id)
    agent.leave()
    expect(world.rooms.size).toBe(0)
  })

  test('entries committed while a device catches up reach it once, in order', async () => {
    const { room, peer } = await begun(world)
    const gate = Promise.withResolvers<void>()
    const { store } = world
    const entries = store.entries.bind(store)
    let reading = false
    world.breakStore({
      entries: async (of, from) => {
        const rows = await entries(of, from)
        reading = true
        await gate.promise
        return rows
      },
    })
    const agent = new TestPeer(world, callerOf(ada), room)
    await until(() => reading)
    const id = peer.write(message(visitor, 'One more'))
    await until(() => peer.stamps.includes(id))
    gate.resolve()
    await until(() => agent.stamps.includes(id))
    expect(agent.everPending).toBe(false)
    expect(agent.stamps).toEqual(peer.stamps)
  })
})

describe('[R10] a long history', () => {
  test('goes out as several updates and then an empty step 2', async () => {
    const { room, peer } = await begun(world)
    const tab = await join(world, visitor, room, true)
    const texts = Array.from({ length: 500 }, () => entry(newId(), canonicalText(message(visitor, 'x'.repeat(3900)))))
    await tab.send(update(updateOf([block(4711, 0, ...texts)])))
    await until(() => peer.stamps.length === 502)
    const agent = await join(world, ada, room)
    const sync = agent.received.filter((bytes) => bytes[0] === 0).map((bytes) => [bytes[1], bytes.length])
    expect(sync.slice(1).map(([step]) => step)).toEqual([2, 2, 1])
    expect(sync.at(-1)).toEqual([1, 5])
    expect(agent.stamps).toEqual(peer.stamps)
  })
})

describe('[R11] what the server appends', () => {
  test('reaches the room, with a clock from the store; again, it is known; an echo of it is skipped', async () => {
    const { room, peer } = await begun(world)
    const id = newId()
    const said = { kind: 'assigned', by: 'system', at: NOW, to: ada, from: null } as const
    const team = await join(world, ada, teamOf(room))
    const one = { id, text: canonicalText(said), entry: said }
    expect((await world.rooms.append(teamOf(room), 'system', [one], 2)).status).toBe('stored')
    expect((await world.rooms.append(teamOf(room), 'system', [one], 2)).status).toBe('known')
    await until(() => team.stamps.includes(id))
    await team.send(update(updateOf([block(2, 0, entry(id, one.text))])))
    expect(team.closed).toBeNull()
    await team.send(update(updateOf([block(2, 1, entry(newId(), one.text))])))
    expect(team.closed?.code).toBe(CloseCode.Malformed)
    expect(peer.closed).toBeNull()
  })

  test('rejects if the store fails, so that its job tries again', async () => {
    const { room } = await begun(world)
    const said = { kind: 'assigned', by: 'system', at: NOW, to: bo, from: null } as const
    const one = { id: newId(), text: canonicalText(said), entry: said }
    world.breakStore({ append: () => Promise.reject(new Error('disk full')) })
    await expect(world.rooms.append(teamOf(room), 'system', [one], 2)).rejects.toThrow('disk full')
    world.mend()
    expect((await world.rooms.append(teamOf(room), 'system', [one], 2)).status).toBe('stored')
  })

  test('needs no hot room', async () => {
    const { room, peer } = await begun(world)
    peer.leave()
    const id = newId()
    const said = { kind: 'assigned', by: 'system', at: NOW, to: bo, from: null } as const
    await world.rooms.append(teamOf(room), 'system', [{ id, text: canonicalText(said), entry: said }], 2)
    expect((await join(world, bo, teamOf(room))).stamps).toEqual([id])
    expect(world.rooms.size).toBe(1)
  })
})

describe('[R12] access', () => {
  test('a visitor never receives a comment, nor hears that there is one', async () => {
    const { room, peer } = await begun(world)
    const team = await join(world, ada, teamOf(room))
    const heard = peer.received.length
    team.write(comment(ada, 'A difficult one'))
    await until(() => team.stamps.length === 1)
    expect(peer.received.length).toBe(heard)
  })

  test('an agent who leaves an inbox is closed with 4403 where it was, at once', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    Object.assign(agent.caller, { asker: { role: 'agent', admin: false, inboxes: new Set() } })
    world.rooms.recheck()
    expect(agent.closed?.code).toBe(CloseCode.Forbidden)
    expect(peer.closed).toBeNull()
    expect((await join(world, stranger, room)).closed?.code).toBe(CloseCode.Forbidden)
  })

  test('names of rooms that do not exist', () => {
    for (const name of [
      '',
      'lobby',
      'conversation',
      `conversation/${newId()}`,
      `conversation/${newId()}/draft/reply/start`,
      `contact/${newId()}`,
    ]) {
      expect(world.rooms.get(name)).toBeNull()
    }
    expect(world.rooms.get(roomName(thread()))).not.toBeNull()
  })

  test('a visitor who begins a second conversation has two, each with its own stamps', async () => {
    const one = await begun(world)
    const two = await begun(world)
    expect(one.peer.stamps).not.toEqual(two.peer.stamps)
    expect((await world.store.conversationsOf(visitor)).length).toBe(2)
    expect(openedBy(visitor).by).toBe(visitor)
  })
})
