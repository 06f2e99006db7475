import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { canonicalText } from '#conversation/canonical.ts'
import { stampsOf } from '#conversation/document.ts'
import { roomName } from '#conversation/rooms.ts'
import { CloseCode } from '#conversation/wire.ts'
import { createLocalBus } from '#server/bus/local.ts'
import { update } from '#server/relay/message.ts'
import { createRelay } from '#server/relay/relay.ts'
import type { Append } from '#server/store/port.ts'
import { block, entry, updateOf } from './bytes.ts'
import {
  ada,
  begun,
  bo,
  callerOf,
  join,
  message,
  newId,
  teamOf,
  TestPeer,
  until,
  useWorld,
  visitor,
} from './support.ts'

const world = useWorld()

/** As the relay does it: the store, then everybody in the room. */
async function erase(room: Parameters<typeof world.store.erase>[0], id: string): Promise<void> {
  expect((await world.store.erase(room, id)).status).toBe('erased')
  world.rooms.reset(roomName(room))
}

describe('[R13] an erasure', () => {
  test('closes everybody in the room with 4409, and no other room; who comes back gets no words of it', async () => {
    const { room, peer, first } = await begun(world)
    const agent = await join(world, ada, room)
    const team = await join(world, ada, teamOf(room))
    const elsewhere = await begun(world)
    await erase(room, first)
    expect([peer.closed?.code, agent.closed?.code]).toEqual([CloseCode.StaleDocument, CloseCode.StaleDocument])
    expect([team.closed, elsewhere.peer.closed]).toEqual([null, null])
    const fresh = await join(world, bo, room)
    expect(fresh.stamps).toEqual(peer.stamps)
    expect(fresh.texts.get(first)).toContain('"erased"')
    expect(fresh.received.some((bytes) => Buffer.from(bytes).includes('Hello'))).toBe(false)
  })

  test('a copy of before is 4409 whenever it comes, by its state vector and by its echo', async () => {
    const { room, peer, first } = await begun(world)
    peer.leave()
    await erase(room, first)
    const back = new TestPeer(world, callerOf(visitor), room)
    Y.applyUpdate(back.doc, Y.encodeStateAsUpdate(peer.doc), 'relay')
    await until(() => back.closed !== null)
    expect(back.closed?.code).toBe(CloseCode.StaleDocument)
    const echo = await join(world, visitor, room, true)
    await echo.send(update(Y.encodeStateAsUpdate(peer.doc)))
    expect(echo.closed?.code).toBe(CloseCode.StaleDocument)
    expect((await world.store.entries(room, 0)).length).toBe(2)
  })

  test('a copy that sent the words and never heard of their stamp is 4409 too: it has no epoch to be told by', async () => {
    const { room, peer, first } = await begun(world)
    const rows = await world.store.entries(room, 0)
    peer.leave()
    const said = rows.map(({ id, text }) => entry(id, text))
    const comeBack = async () => {
      const back = await join(world, visitor, room, true)
      Y.applyUpdate(back.doc, updateOf([block(rows[0]?.client ?? 0, 0, ...said)]), 'relay')
      await back.sync()
      return back
    }
    const early = await comeBack()
    expect(early.stamps).toEqual(peer.stamps)
    early.leave()
    await erase(room, first)
    expect((await comeBack()).closed?.code).toBe(CloseCode.StaleDocument)
    const fresh = await join(world, visitor, room)
    expect(fresh.texts.get(first)).toContain('"erased"')
  })

  test('what was queued when it happened is stored, once, in the new epoch, and told to who is there', async () => {
    const { room, peer, first } = await begun(world)
    const gate = Promise.withResolvers<void>()
    const { store } = world
    const append = store.append.bind(store)
    let asked = false
    world.breakStore({
      append: async (updates: Append[], now: number) => {
        asked = true
        await gate.promise
        return await append(updates, now)
      },
    })
    const late = peer.write(message(visitor, 'Just before'))
    await until(() => asked)
    await erase(room, first)
    const fresh = await join(world, ada, room)
    gate.resolve()
    await until(() => fresh.stamps.includes(late))
    expect(fresh.stamps).toEqual([...peer.stamps.slice(0, 2), late])
    expect((await world.store.head(room))?.spans).toHaveLength(1)
    const last = await join(world, bo, room)
    expect(last.stamps).toEqual(fresh.stamps)
    expect(stampsOf(last.doc)).toEqual(stampsOf(fresh.doc))
  })

  test('nobody writes `erased` into a ledger', async () => {
    const { room, peer } = await begun(world)
    for (const who of [ada, visitor]) {
      const writer = await join(world, who, room, true)
      const forged = canonicalText({ kind: 'erased', by: who, at: 1_760_000_000_000, was: 'message' })
      const id = newId()
      await writer.send(update(updateOf([block(4711, 0, entry(id, forged))])))
      expect(writer.closed).toMatchObject({ code: CloseCode.RefusedEntry })
      expect(writer.closed?.reason.startsWith(id)).toBe(true)
    }
    expect(peer.stamps.length).toBe(2)
  })

  test('by the relay: erased, told on the bus, and the feed hears of it; again, it is known', async () => {
    const { room, first } = await begun(world)
    const bus = createLocalBus()
    const told: string[] = []
    bus.subscribe((each) => told.push(each.type))
    const authenticate = () => Promise.reject(new Error('nobody comes'))
    const log = { warn() {}, error() {} }
    const relay = createRelay({ store: world.store, bus, authenticate, now: () => Date.now(), log })
    expect(await relay.erase(room, first)).toMatchObject({ status: 'erased', entries: [first] })
    expect(told).toEqual(['reset', 'rows'])
    expect(await relay.erase(room, first)).toEqual({ status: 'known' })
    expect(told.length).toBe(2)
    await relay.close()
    await expect(relay.erase(room, first)).rejects.toThrow('closed')
  })
})

describe('[R4] [R14] a database that was put back', () => {
  test('after an ordinary restart copies go on: the stamps of a new epoch follow those of the old one', async () => {
    const { room, peer } = await begun(world)
    peer.leave()
    await world.restart(await world.backup())
    const back = new TestPeer(world, callerOf(visitor), room)
    Y.applyUpdate(back.doc, Y.encodeStateAsUpdate(peer.doc), 'relay')
    await back.joined()
    const next = back.write(message(visitor, 'Still here'))
    const agent = await join(world, ada, room)
    await until(() => back.stamps.includes(next) && agent.stamps.includes(next))
    expect([back.closed, agent.closed]).toEqual([null, null])
    expect(stampsOf(back.doc)).toEqual(stampsOf(agent.doc))
    expect(back.stamps).toEqual([...peer.stamps, next])
    expect([back.everPending, agent.everPending]).toEqual([false, false])
    // And everything that this copy would echo is recognised.
    await back.send(update(Y.encodeStateAsUpdate(back.doc)))
    expect(back.closed).toBeNull()
    expect((await world.store.head(room))?.spans.map(({ from }) => from)).toEqual([0, 2])
  })

  test.each([
    ['has fewer stamps', 0],
    ['has as many', 1],
    ['has got further', 3],
  ])('a copy with stamps of the lost history is 4409 if the store %s', async (_title, since) => {
    const { room, peer } = await begun(world)
    const backup = await world.backup()
    const witness = await join(world, ada, room)
    const lost = peer.write(message(visitor, 'Lost'))
    await until(() => witness.stamps.includes(lost))
    witness.leave()
    peer.leave()
    await world.restart(backup)
    const other = await join(world, bo, room)
    const later = Array.from({ length: since }, (_, i) => other.write(message(bo, `Since ${i}`)))
    await until(() => later.every((id) => other.stamps.includes(id)))
    const back = new TestPeer(world, callerOf(ada), room)
    Y.applyUpdate(back.doc, Y.encodeStateAsUpdate(witness.doc), 'relay')
    await until(() => back.closed !== null)
    expect(back.closed?.code).toBe(CloseCode.StaleDocument)
    expect(other.closed).toBeNull()
    expect((await world.store.head(room))?.next).toBe(2 + since)
  })
})
