import { expect, test } from 'vitest'
import { ada } from '../../support/conversations.ts'
import { useStore, type Engine } from './use-store.ts'
import { agentDevice, begin, closed, NOW } from './world.ts'

/** Leases: who holds a job, and for how long. */
export function jobTests(engine: Engine): void {
  const world = useStore(engine)
  const LEASE = 1000

  const closeOne = async (now = NOW) => {
    const { room, message } = await begin(world.store)
    const device = agentDevice(ada)
    const close = device.entry(closed(ada, message))
    await world.store.append([device.update(room, close)], now)
    return `transcript/${close.id}`
  }

  test('nothing waits in a fresh store', async () => {
    expect(await world.store.nextJobAt()).toBeNull()
    expect(await world.store.leaseJob('a', NOW, LEASE)).toBeNull()
  })

  test('a lease is exclusive until it ends; then somebody else may take the job', async () => {
    const key = await closeOne()
    expect(await world.store.nextJobAt()).toBe(NOW)
    expect(await world.store.leaseJob('a', NOW - 1, LEASE)).toBeNull()
    expect(await world.store.leaseJob('a', NOW, LEASE)).toMatchObject({ key, attempts: 1 })
    expect(await world.store.leaseJob('b', NOW + LEASE - 1, LEASE)).toBeNull()
    expect(await world.store.nextJobAt()).toBe(NOW + LEASE)
    expect(await world.store.leaseJob('b', NOW + LEASE, LEASE)).toMatchObject({ key, attempts: 2 })
    // The first owner has lost it, and can neither finish nor put it off.
    expect(await world.store.finishJob(key, 'a')).toBe(false)
    expect(await world.store.retryJob(key, 'a', NOW, 'late')).toBe(false)
    expect(await world.store.retryJob(key, 'a', null, 'late')).toBe(false)
    expect(await world.store.finishJob(key, 'b')).toBe(true)
  })

  test('a finished job is done once and for all, also after opening again', async () => {
    const key = await closeOne()
    await world.store.leaseJob('a', NOW, LEASE)
    expect(await world.store.finishJob(key, 'a')).toBe(true)
    expect(await world.store.finishJob(key, 'a')).toBe(false)
    await world.reopen()
    expect(await world.store.nextJobAt()).toBeNull()
    expect(await world.store.leaseJob('a', NOW + 10 * LEASE, LEASE)).toBeNull()
  })

  test('a job that is put off is due at its new time, and counts its attempts', async () => {
    const key = await closeOne()
    await world.store.leaseJob('a', NOW, LEASE)
    expect(await world.store.retryJob(key, 'a', NOW + 5000, 'no answer')).toBe(true)
    expect(await world.store.nextJobAt()).toBe(NOW + 5000)
    expect(await world.store.leaseJob('b', NOW + 4999, LEASE)).toBeNull()
    expect((await world.store.leaseJob('b', NOW + 5000, LEASE))?.attempts).toBe(2)
  })

  test('a dead letter is never taken again', async () => {
    const key = await closeOne()
    await world.store.leaseJob('a', NOW, LEASE)
    expect(await world.store.retryJob(key, 'a', null, '550 no such user')).toBe(true)
    expect(await world.store.nextJobAt()).toBeNull()
    expect(await world.store.leaseJob('a', NOW + 10 * LEASE, LEASE)).toBeNull()
  })

  test('jobs are taken in the order in which they are due', async () => {
    const late = await closeOne(NOW + 20)
    const early = await closeOne(NOW + 10)
    const taken = [await world.store.leaseJob('a', NOW + 100, LEASE), await world.store.leaseJob('a', NOW + 100, LEASE)]
    expect(taken.map((job) => job?.key)).toEqual([early, late])
  })
}
