import { expect, test } from 'vitest'
import type { Principal } from '#conversation/ids.ts'
import { ada, bo, visitor } from '../../support/conversations.ts'
import { useStore, type Engine } from './use-store.ts'
import { agentDevice, begin, closed, comment, message, NOW, team, thread, visitorDevice } from './world.ts'

const MINUTE = 60_000

/** How long visitors waited for an answer. */
export function waitTests(engine: Engine): void {
  const world = useStore(engine)
  const waits = async (since = 0, inbox = 'demo') =>
    (await world.store.waits(inbox, since)).map(({ asked, answered }) => [asked - NOW, answered - NOW])

  test('from the first message that nobody had answered to the next of an agent; every turn counts', async () => {
    // Says Hello at NOW; the stamps of one update follow each other by a millisecond.
    const { room, device } = await begin(world.store)
    const colleague = agentDevice(ada)
    const says = (by: Principal, at: number) =>
      world.store.append([(by === visitor ? device : colleague).says(room, message(by, 'so'))], NOW + at)
    expect(await waits()).toEqual([])
    await says(visitor, MINUTE)
    await says(ada, 3 * MINUTE)
    await says(ada, 4 * MINUTE)
    await says(visitor, 10 * MINUTE)
    await says(ada, 11 * MINUTE)
    await says(visitor, 20 * MINUTE)
    expect(await waits()).toEqual([
      [1, 3 * MINUTE],
      [10 * MINUTE, 11 * MINUTE],
    ])
    expect(await waits(NOW + 11 * MINUTE)).toEqual([[10 * MINUTE, 11 * MINUTE]])
    expect(await waits(NOW + 11 * MINUTE + 1)).toEqual([])
  })

  test('comments are no answers, and a close without one ends the wait', async () => {
    const { room, message: first } = await begin(world.store)
    await world.store.append([agentDevice(bo).says(team(room), comment(bo, 'who takes this?'))], NOW + MINUTE)
    await world.store.append([agentDevice(bo).says(room, closed(bo, first))], NOW + 2 * MINUTE)
    await world.store.append([visitorDevice().says(room, message(visitor, 'hello again'))], NOW + 60 * MINUTE)
    await world.store.append([agentDevice(bo).says(room, message(bo, 'hello'))], NOW + 61 * MINUTE)
    expect(await waits()).toEqual([[60 * MINUTE, 61 * MINUTE]])
  })

  test('of this inbox alone', async () => {
    const { room } = await begin(world.store, thread(), visitor, 'other')
    await world.store.append([agentDevice(ada, 'other').says(room, message(ada, 'hello'))], NOW + MINUTE)
    expect(await waits()).toEqual([])
    expect(await waits(0, 'other')).toEqual([[1, MINUTE]])
  })

  test('of a long thread its end: a wait that may have begun before it is left out', async () => {
    const { room, device } = await begin(world.store)
    const colleague = agentDevice(ada)
    const many = Array.from({ length: 70 }, (_, count) => message(visitor, `${count}`))
    await world.store.append([device.says(room, ...many)], NOW + MINUTE)
    await world.store.append([colleague.says(room, message(ada, 'there'))], NOW + 2 * MINUTE)
    expect(await waits()).toEqual([])
    await world.store.append([device.says(room, message(visitor, 'ah'))], NOW + 3 * MINUTE)
    await world.store.append([colleague.says(room, message(ada, 'yes'))], NOW + 5 * MINUTE)
    expect(await waits()).toEqual([[3 * MINUTE, 5 * MINUTE]])
  })
}
