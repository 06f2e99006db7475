import { expect, test } from 'vitest'
import { ada, visitor } from '../../support/conversations.ts'
import { useStore, type Engine } from './use-store.ts'
import { agent, begin, message, NOW } from './world.ts'

/** A backup that was put back: what it hands out afterwards is never taken for what the lost history had handed out. */
export function restoreTests(engine: Engine): void {
  const world = useStore(engine)
  const spansOf = async (room: Parameters<typeof world.store.head>[0]) => (await world.store.head(room))?.spans ?? []

  test('[R4] each opening stamps in an epoch of its own, and keeps those of before', async () => {
    const { room, device } = await begin(world.store)
    const first = await spansOf(room)
    await world.reopen()
    // Nothing was stamped yet: nothing has changed.
    expect(await spansOf(room)).toEqual(first)
    await world.store.append([device.says(room, message(visitor, '2'))], NOW)
    await world.store.append([device.says(room, message(visitor, '3'))], NOW)
    await world.reopen()
    await world.store.append([device.says(room, message(visitor, '4'))], NOW)
    const spans = await spansOf(room)
    expect(spans.map(({ from }) => from)).toEqual([0, 2, 4])
    expect(spans.map(({ epoch }) => epoch)).toEqual([...new Set(spans.map(({ epoch }) => epoch))].sort((a, b) => a - b))
    expect(spans.every(({ epoch }) => Number.isSafeInteger(2 ** 32 + epoch))).toBe(true)
  })

  test('[R4] what is stamped after a restore is told apart from what was lost, however often it is restored', async () => {
    const { room, device } = await begin(world.store)
    await world.backup()
    await world.store.append([device.says(room, message(visitor, 'lost'))], NOW)
    const epochs = new Set((await spansOf(room)).map(({ epoch }) => epoch))
    for (let times = 1; times <= 3; times++) {
      await world.restore()
      expect((await world.store.head(room))?.next).toBe(2)
      const again = { ...device.entry(message(visitor, 'in its place')), clock: 2 }
      await world.store.append([device.update(room, again)], NOW)
      const last = (await spansOf(room)).at(-1)
      expect(last).toMatchObject({ from: 2 })
      expect(epochs).not.toContain(last?.epoch)
      epochs.add(last?.epoch ?? 0)
    }
  })

  test('[N3] a cursor of the lost history begins anew, also when the store has got further since', async () => {
    await world.store.putAgent(agent(ada, { role: 'admin' }))
    const { room, device } = await begin(world.store)
    const kept = (await world.store.feed(ada, 0, 100)).cursor
    await world.backup()
    const during = (await world.store.feed(ada, 0, 100)).cursor
    await world.store.append([device.says(room, message(visitor, 'lost'))], NOW)
    const lost = (await world.store.feed(ada, 0, 100)).cursor
    expect(lost).toBeGreaterThan(during)
    await world.restore()
    for (let more = 0; more < 5; more++) await begin(world.store)
    for (const cursor of [lost, Number.MAX_SAFE_INTEGER]) {
      const page = await world.store.feed(ada, cursor, 3)
      expect(page).toMatchObject({ anew: true, more: true })
      expect(page.rows[0]?.version).toBeLessThan(kept + 1)
    }
    // What was given before the backup goes on from where it was.
    const page = await world.store.feed(ada, kept, 100)
    expect(page).not.toHaveProperty('anew')
    expect(page.rows).toHaveLength(5)
    expect(page.rows.every((row) => row.version > kept)).toBe(true)
    expect(await world.store.feed(ada, page.cursor, 100)).toEqual({ rows: [], cursor: page.cursor, more: false })
  })

  test('an erasure, too, begins an epoch that no lost history has', async () => {
    const { room, message: id } = await begin(world.store)
    await world.backup()
    await world.store.erase(room, id)
    const lost = await spansOf(room)
    await world.restore()
    // The words are back: what is erased after a backup is to be erased again.
    expect((await world.store.entries(room, 1))[0]?.text).toContain('Hello')
    await world.store.erase(room, id)
    expect((await spansOf(room))[0]?.epoch).not.toBe(lost[0]?.epoch)
  })
}
