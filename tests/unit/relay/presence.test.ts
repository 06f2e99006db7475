import { describe, expect, test } from 'vitest'
import { CloseCode, RELAY_CLIENT } from '#conversation/wire.ts'
import { QUIET_MESSAGE } from '#server/relay/message.ts'
import {
  ada,
  begun,
  bo,
  join,
  message,
  presence,
  stranger,
  teamOf,
  thread,
  until,
  useWorld,
  visitor,
  type TestPeer,
} from './support.ts'

const world = useWorld()

/** What a peer is told of others, without the relay's own state. */
const people = (peer: TestPeer) => [...peer.others].filter(([id]) => id !== RELAY_CLIENT).map(([, state]) => state)
const seen = (peer: TestPeer) => peer.others.get(RELAY_CLIENT)?.['seen'] ?? {}

describe('[P1] nobody speaks as anybody else', () => {
  test("user is the relay's, and what it does not know is dropped", async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    await agent.present({
      typing: 'reply',
      user: { principal: bo, name: 'The boss' },
      color: 'red',
      cursor: { deep: [1] },
    })
    await until(() => people(peer).length === 1)
    expect(people(peer)).toEqual([{ user: { principal: ada, name: 'Ada', avatar: null }, typing: 'reply' }])
  })

  test('foreign ids in a frame are ignored, whoever they belong to', async () => {
    const { room } = await begun(world)
    const watcher = await join(world, bo, room)
    const agent = await join(world, ada, room)
    await agent.present({ typing: null })
    await until(() => people(watcher).length === 1)
    const [adasId] = [...watcher.others.keys()]
    const spoofer = await join(world, visitor, room)
    await spoofer.present({ typing: null })
    await spoofer.send(
      presence(
        [
          { id: agent.doc.clientID, state: { typing: 'reply' } },
          { id: adasId ?? 0, state: null },
          { id: RELAY_CLIENT, state: { seen: {} } },
        ],
        99,
      ),
    )
    await spoofer.present({ typing: 'reply' })
    await until(() =>
      people(watcher).some(
        (state) => (state['user'] as { principal: string }).principal === visitor && state['typing'] === 'reply',
      ),
    )
    expect(people(watcher)).toContainEqual({
      user: { principal: ada, name: 'Ada', avatar: null },
      typing: null,
      seen: null,
    })
    expect(people(watcher).length).toBe(2)
  })

  test('a device whose first frame is an echo of others still speaks for itself', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    await peer.present({ typing: null })
    await until(() => people(agent).length === 1)
    await agent.send(presence([...agent.others].map(([id, state]) => ({ id, state }))))
    expect(people(peer)).toEqual([])
    await agent.present({ typing: 'reply' })
    await until(() => people(peer).length === 1)
    expect(people(peer)[0]).toMatchObject({ user: { principal: ada }, typing: 'reply' })
  })

  test('a frame never holds its own id, nor its own state', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    await agent.present({ typing: 'reply' })
    await peer.present({ typing: 'reply' })
    await until(() => people(peer).length === 1 && people(agent).length === 1)
    world.rooms.renew()
    expect(agent.others.has(agent.doc.clientID)).toBe(false)
    expect(people(agent).map((state) => (state['user'] as { principal: string }).principal)).toEqual([visitor])
    expect(people(peer).map((state) => (state['user'] as { principal: string }).principal)).toEqual([ada])
  })
})

describe('[P2] what a visitor learns', () => {
  test("agents under made-up ids, without comment typing or seen; no other tab's state of a visitor", async () => {
    const { room, peer, first } = await begun(world)
    const tab = await join(world, visitor, room)
    await tab.present({ typing: 'reply' })
    const agent = await join(world, ada, room)
    await agent.present({ typing: 'comment', seen: first })
    const watcher = await join(world, bo, room)
    await until(() => people(watcher).length === 2 && people(peer).length === 1)
    expect(people(peer)).toEqual([{ user: { principal: ada, name: 'Ada', avatar: null }, typing: null }])
    expect([...peer.others.keys()]).not.toContain(agent.doc.clientID)
    expect(people(watcher)).toContainEqual({
      user: { principal: ada, name: 'Ada', avatar: null },
      typing: 'comment',
      seen: first,
    })
  })

  test("read markers: agents learn everybody's, a visitor the team's furthest", async () => {
    const { room, peer, first } = await begun(world)
    const [opened] = peer.stamps
    const [agent, other] = [await join(world, ada, room), await join(world, bo, room)]
    await peer.present({ seen: first })
    await until(() => (seen(agent) as Record<string, string>)[visitor] === first)
    await other.present({ seen: opened })
    await until(() => (seen(peer) as Record<string, string>)['team'] === opened)
    await agent.present({ seen: first })
    await until(() => (seen(peer) as Record<string, string>)['team'] === first)
    // Back to an older one is no news.
    await agent.present({ seen: opened })
    await until(() => people(other).some((state) => state['seen'] === opened))
    expect(seen(other)).toEqual({ [visitor]: first, [ada]: first, [bo]: opened })
    expect(seen(peer)).toEqual({ team: first })
    expect((await world.store.markers(room)).get(ada)?.entry).toBe(first)
    const rows = world.told.filter((each) => each.type === 'rows' && each.only === ada)
    expect(rows.length).toBe(1)
    // Whoever joins later learns it from the store.
    const late = await join(world, ada, room)
    expect(seen(late)).toEqual({ [visitor]: first, [ada]: first, [bo]: opened })
  })

  test('in a thread that does not exist yet, nothing', async () => {
    const room = thread()
    const [one, other] = [await join(world, visitor, room), await join(world, stranger, room)]
    await one.present({ typing: 'reply', seen: '0'.repeat(26) })
    world.rooms.renew()
    expect(people(other)).toEqual([])
  })
})

describe('[P3] coming and going', () => {
  test('leaving is immediate, and a state of null is leaving', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    await agent.present({ typing: null })
    await until(() => people(peer).length === 1)
    await agent.present(null)
    await until(() => people(peer).length === 0)
    await agent.present({ typing: null })
    await until(() => people(peer).length === 1)
    agent.leave()
    expect(people(peer)).toEqual([])
  })

  test('whoever says that it leaves and is gone at once is gone for the others', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    await agent.present({ typing: null })
    await until(() => people(peer).length === 1)
    await agent.present(null)
    agent.leave()
    expect(people(peer)).toEqual([])
  })

  test('each round of renewal tells everybody something, with newer clocks', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    const team = await join(world, ada, teamOf(room))
    await agent.present({ typing: 'reply' })
    await until(() => people(peer).length === 1)
    const counts = [peer, agent, team].map((each) => each.received.length)
    world.rooms.renew()
    expect([peer, agent, team].map((each, i) => each.received.length - (counts[i] ?? 0))).toEqual([1, 1, 1])
    expect(team.received.at(-1)).toEqual(QUIET_MESSAGE)
  })

  test('a room that is asked who is there answers', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    await agent.present({ typing: 'reply' })
    await until(() => people(peer).length === 1)
    peer.others.clear()
    await peer.send(Uint8Array.of(3))
    expect(people(peer).length).toBe(1)
  })

  test('frames that are no awareness updates close with 4400, states that are too large with 4413', async () => {
    const { room } = await begun(world)
    for (const bytes of [
      [1, 2, 255, 1],
      [1, 4, 1, 20, 1, 1],
      [1, 3, 1, 20, 1],
    ]) {
      const peer = await join(world, visitor, room)
      await peer.send(Uint8Array.from(bytes))
      expect(peer.closed?.code).toBe(CloseCode.Malformed)
    }
    const peer = await join(world, visitor, room)
    await peer.present({ typing: 'reply', more: 'x'.repeat(2000) })
    expect(peer.closed).toBeNull()
    await peer.present({ typing: 'reply', more: 'x'.repeat(2048) })
    expect(peer.closed?.code).toBe(CloseCode.TooLarge)
  })

  test('honest providers re-send the states of others, however many', async () => {
    const { room } = await begun(world)
    const peer = await join(world, visitor, room)
    const others = Array.from({ length: 600 }, (_, i) => ({
      id: 2 ** 33 + i,
      state: { user: { name: 'x'.repeat(100) } },
    }))
    await peer.send(presence(others))
    expect(peer.closed).toBeNull()
  })

  test('entries do not wait for presence', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    await agent.present({ typing: 'reply' })
    const id = agent.write(message(ada, 'Here I am'))
    await until(() => peer.stamps.includes(id))
  })
})
