import { expect, test } from 'vitest'
import { idOf } from '#conversation/ids.ts'
import type { FeedRow } from '#conversation/rows.ts'
import { ada, bo, openedBy, stranger, visitor } from '../../support/conversations.ts'
import { useStore, type Engine } from './use-store.ts'
import { agent, agentDevice, begin, comment, inbox, message, newId, NOW, team, thread, visitorDevice } from './world.ts'

const names = (rows: FeedRow[]) => rows.map((row) => `${row.kind === 'gone' ? `gone ${row.of}` : row.kind} ${row.id}`)

/** The feed's cursor and reach, and read markers. */
export function feedTests(engine: Engine): void {
  const world = useStore(engine)

  /** Reads the feed page by page, as a device does. */
  const follow = async (cursor: number, limit: number, who = ada) => {
    const rows: FeedRow[] = []
    for (let more = true; more;) {
      const page = await world.store.feed(who, cursor, limit)
      expect(page.rows.length).toBeLessThanOrEqual(limit)
      expect(page.cursor).toBeGreaterThanOrEqual(page.rows.at(-1)?.version ?? 0)
      rows.push(...page.rows)
      ;({ cursor, more } = page)
    }
    return { rows, cursor }
  }

  const populate = async () => {
    await world.store.putInbox(inbox('demo'))
    await world.store.putInbox(inbox('other'))
    await world.store.putAgent(agent(ada, { role: 'admin' }))
    await world.store.putAgent(agent(bo))
    await world.store.setMemberships(idOf(bo), ['demo'])
    const mine = [await begin(world.store), await begin(world.store)]
    const other = await begin(world.store, thread(), stranger, 'other')
    return { mine, other }
  }

  test('an empty store has an empty feed', async () => {
    expect(await world.store.feed(ada, 0, 10)).toEqual({ rows: [], cursor: expect.any(Number), more: false })
  })

  test('pages of any size give every row once, ascending, and end at the same cursor', async () => {
    const { mine, other } = await populate()
    for (const { room, message: id } of [...mine, other]) await world.store.markSeen(ada, room, id)
    const whole = await follow(0, 1000)
    const versions = whole.rows.map((row) => row.version)
    expect(whole.rows).toHaveLength(10)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
    for (const limit of [1, 2, 3, 7]) expect(await follow(0, limit)).toEqual(whole)
    expect((await follow(whole.cursor, 5)).rows).toEqual([])
  })

  test('a row changed between two pages comes once more, and none is skipped', async () => {
    const { mine } = await populate()
    const first = await world.store.feed(ada, 0, 3)
    expect(first.more).toBe(true)
    const [a] = mine
    if (a !== undefined) await world.store.append([a.device.says(a.room, message(visitor, 'changed meanwhile'))], NOW)
    const rest = await follow(first.cursor, 3)
    const seen = new Set(names([...first.rows, ...rest.rows]))
    expect(seen.size).toBe(7)
    expect(names(rest.rows).at(-1)).toBe(`conversation ${a?.room.conversation}`)
  })

  test('after a commit the feed gives exactly the rows that the commit told of', async () => {
    const { mine } = await populate()
    const { cursor } = await follow(0, 100)
    const updates = mine.map(({ room, device }) => device.says(room, message(visitor, 'more')))
    const { rows } = await world.store.append(updates, NOW)
    expect(rows.map((row) => row.version)).toEqual([cursor + 1, cursor + 2])
    expect((await follow(cursor, 100)).rows).toEqual(rows)
  })

  test("a conversation without a message is nobody's row yet, and the cursor passes over it", async () => {
    const room = thread()
    const device = visitorDevice()
    await world.store.putAgent(agent(ada, { role: 'admin' }))
    await world.store.append([device.says(room, openedBy(visitor))], NOW)
    const { rows, cursor } = await follow(0, 1)
    expect(names(rows)).toEqual([`agent ${idOf(ada)}`])
    await world.store.append([device.says(room, message(visitor, 'Hello'))], NOW)
    expect(names((await follow(cursor, 1)).rows)).toEqual([`conversation ${room.conversation}`])
  })

  test('[A1] a member gets the rows of own inboxes, an administrator all, somebody unknown no conversation', async () => {
    const { mine, other } = await populate()
    const of = (rows: FeedRow[], kind: FeedRow['kind']) => rows.flatMap((row) => (row.kind === kind ? [row.id] : []))
    const member = (await follow(0, 2, bo)).rows
    expect(of(member, 'conversation')).toEqual(mine.map(({ room }) => room.conversation))
    expect(of(member, 'inbox')).toEqual(['demo'])
    const admin = (await follow(0, 2, ada)).rows
    expect(of(admin, 'conversation')).toContain(other.room.conversation)
    expect(new Set(of(admin, 'inbox'))).toEqual(new Set(['demo', 'other']))
    const unknown = (await follow(0, 2, `agent:${newId()}`)).rows
    expect([of(unknown, 'conversation'), of(unknown, 'inbox')]).toEqual([[], []])
  })

  test('gained inboxes come again for a device that had passed them; lost ones leave tombstones for that agent alone', async () => {
    const { mine, other } = await populate()
    const bos = (await follow(0, 100, bo)).cursor
    await world.store.setMemberships(idOf(bo), ['other'])
    const changed = await follow(bos, 1, bo)
    expect(names(changed.rows).sort()).toEqual(
      [
        `conversation ${other.room.conversation}`,
        'gone inbox demo',
        ...mine.map(({ room }) => `gone conversation ${room.conversation}`),
        'inbox other',
      ].sort(),
    )
    expect(names((await follow(bos, 100, ada)).rows).filter((name) => name.startsWith('gone'))).toEqual([])
    expect((await world.store.reach(idOf(bo))).inboxes).toEqual(new Set(['other']))

    await world.store.setMemberships(idOf(bo), ['demo', 'other'])
    const back = names((await follow(changed.cursor, 2, bo)).rows)
    expect(back.sort()).toEqual(['inbox demo', ...mine.map(({ room }) => `conversation ${room.conversation}`)].sort())
  })

  test('becoming an administrator gives the rest, ceasing to be one takes it', async () => {
    const { other } = await populate()
    const before = (await follow(0, 100, bo)).cursor
    await world.store.putAgent(agent(bo, { role: 'admin' }))
    const up = await follow(before, 100, bo)
    expect(names(up.rows)).toEqual(expect.arrayContaining(['inbox other', `conversation ${other.room.conversation}`]))
    await world.store.putAgent(agent(bo))
    const down = await follow(up.cursor, 100, bo)
    expect(names(down.rows)).toEqual(
      expect.arrayContaining(['gone inbox other', `gone conversation ${other.room.conversation}`]),
    )
    expect(names(down.rows)).not.toContain('gone inbox demo')
  })

  test('a cursor from before a restored backup starts again instead of missing rows', async () => {
    await populate()
    const { rows } = await follow(0, 100)
    expect((await follow(1_000_000, 100)).rows).toEqual(rows)
  })

  test('a marker moves ahead only, and names what it has read', async () => {
    await populate()
    const { room, device, message: first } = await begin(world.store)
    const answer = agentDevice(bo).entry(message(bo, 'hi'))
    const colleague = { ...agentDevice(bo).update(room, answer) }
    const second = device.entry(message(visitor, 'and'))
    await world.store.append([colleague, device.update(room, second)], NOW)

    const moved = await world.store.markSeen(ada, room, first)
    expect(moved).toEqual({
      seq: 1,
      row: { kind: 'marker', id: room.conversation, version: expect.any(Number), entry: first, read: 1 },
    })
    expect(await world.store.markSeen(ada, room, first)).toBeNull()
    expect((await world.store.markSeen(ada, room, second.id))?.row?.read).toBe(2)
    expect(await world.store.markSeen(ada, room, answer.id)).toBeNull()
    expect(await world.store.markSeen(ada, room, newId())).toBeNull()
    expect((await world.store.markSeen(bo, room, answer.id))?.row?.read).toBe(1)
    expect(await world.store.markers(room)).toEqual(
      new Map([
        [ada, { entry: second.id, seq: 3 }],
        [bo, { entry: answer.id, seq: 2 }],
      ]),
    )
  })

  test('markers are rows of their own agent alone, once each', async () => {
    const { mine } = await populate()
    const { cursor } = await follow(0, 100)
    const [a] = mine
    if (a === undefined) throw new Error('no conversation')
    const later = a.device.entry(message(visitor, 'more'))
    await world.store.append([a.device.update(a.room, later)], NOW)
    await world.store.markSeen(bo, a.room, a.message)
    const moved = await world.store.markSeen(bo, a.room, later.id)
    const markers = async (who: typeof ada) =>
      (await follow(cursor, 100, who)).rows.filter((row) => row.kind === 'marker')
    expect(await markers(bo)).toEqual([moved?.row])
    expect(await markers(ada)).toEqual([])
  })

  test("visitors' markers, and those of the team ledger, are kept and are no rows", async () => {
    const { room, message: id } = await begin(world.store)
    const device = agentDevice(ada)
    const note = device.entry(comment(ada, 'note'))
    await world.store.append([device.update(team(room), note)], NOW)
    expect(await world.store.markSeen(visitor, room, id)).toEqual({ seq: 1, row: null })
    expect(await world.store.markSeen(ada, team(room), note.id)).toEqual({ seq: 0, row: null })
    expect((await world.store.markers(team(room))).get(ada)).toEqual({ entry: note.id, seq: 0 })
    expect((await world.store.markers(room)).get(visitor)).toEqual({ entry: id, seq: 1 })
  })
}
