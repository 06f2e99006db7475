import { expect, test } from 'vitest'
import { backoff } from '#server/jobs/backoff.ts'
import { PermanentFailure, type JobHandler } from '#server/jobs/handler.ts'
import { startJobs, type JobSettings } from '#server/jobs/runner.ts'
import type { Sleep } from '#server/jobs/sleep.ts'
import type { Job, JobStore } from '#server/store/port.ts'

const SETTINGS: JobSettings = {
  workers: 1,
  lease: 60_000,
  attempts: 3,
  delay: { first: 1000, most: 10_000 },
  idle: 30_000,
}

interface Waiting {
  key: string
  runAt: number
  attempts: number
  owner: string | null
  state: 'waiting' | 'done' | 'dead'
  error: string | null
}

/** A job store in memory, by the contract of the port (tests/contract/store/jobs.ts), and a clock that sleeping moves. */
function createWorld(handler: JobHandler, settings: Partial<JobSettings> = {}) {
  const jobs = new Map<string, Waiting>()
  const stop = new AbortController()
  const logged: string[] = []
  const sleeps: number[] = []
  let time = 0
  let broken = 0
  let onIdle: () => void = () => undefined
  const held = (key: string, owner: string) => {
    const job = jobs.get(key)
    return job?.owner === owner && job.state === 'waiting' ? job : undefined
  }
  const store: JobStore = {
    async leaseJob(owner, now, leaseMs) {
      if (broken-- > 0) throw new Error('the disk is full')
      const job = [...jobs.values()].find((each) => each.state === 'waiting' && each.runAt <= now)
      if (job === undefined) return null
      Object.assign(job, { owner, runAt: now + leaseMs, attempts: job.attempts + 1 })
      return { key: job.key, kind: 'transcript', attempts: job.attempts, payload } satisfies Job
    },
    async finishJob(key, owner) {
      const job = held(key, owner)
      if (job !== undefined) job.state = 'done'
      return job !== undefined
    },
    async retryJob(key, owner, runAt, error) {
      const job = held(key, owner)
      if (job === undefined) return false
      Object.assign(job, { owner: null, error }, runAt === null ? { state: 'dead' } : { runAt })
      return true
    },
    async nextJobAt() {
      const due = [...jobs.values()].flatMap((job) => (job.state === 'waiting' ? [job.runAt] : []))
      return due.length === 0 ? null : Math.min(...due)
    },
  }
  // Sleeping takes no real time: the clock moves on by itself, unless nothing is due (then only a wake ends it).
  const sleep: Sleep = async (ms, signal) => {
    sleeps.push(ms)
    if (ms < SETTINGS.idle) return void (time += ms)
    onIdle()
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }
  const log = {
    warn: (_: object, text: string) => void logged.push(text),
    error: (_: object, text: string) => void logged.push(text),
  }
  const start = () =>
    startJobs({
      store,
      handlers: { transcript: handler },
      now: () => time,
      log,
      signal: stop.signal,
      owner: 'test',
      settings: { ...SETTINGS, ...settings },
      random: () => 1,
      sleep,
    })
  return {
    jobs,
    logged,
    sleeps,
    stop,
    start,
    breakStore: (times: number) => void (broken = times),
    lose: (key: string) => Object.assign(jobs.get(key) ?? {}, { owner: 'somebody else' }),
    add: (key: string, runAt = 0, attempts = 0) =>
      void jobs.set(key, { key, runAt, attempts, owner: null, state: 'waiting', error: null }),
    /** Settles when nothing is left to do. */
    idle: () => new Promise<void>((resolve) => (onIdle = resolve)),
    time: () => time,
  }
}

const payload = { conversation: 'c', close: 'x', upTo: 1, outcome: 'o' }

test('a job is done once, and the runner waits to be woken for the next', async () => {
  const done: string[] = []
  const world = createWorld(async (job) => void done.push(job.key))
  world.add('a')
  let idle = world.idle()
  const jobs = world.start()
  await idle
  expect(done).toEqual(['a'])
  world.add('b', world.time())
  idle = world.idle()
  jobs.wake()
  await idle
  expect(done).toEqual(['a', 'b'])
  expect([...world.jobs.values()].map((job) => job.state)).toEqual(['done', 'done'])
  world.stop.abort()
  await jobs.stopped
})

test('a wake that comes while the store is being asked is not missed', async () => {
  const done: string[] = []
  const world = createWorld(async (job) => void done.push(job.key))
  const firstIdle = world.idle()
  const jobs = world.start()
  // The worker has asked and is about to sleep; the job and the wake come in between.
  world.add('a')
  jobs.wake()
  await firstIdle
  const settled = world.idle()
  if (done.length === 0) await settled
  expect(done).toEqual(['a'])
  world.stop.abort()
  await jobs.stopped
})

test('it sleeps until the next job is due', async () => {
  const started: number[] = []
  const world = createWorld(async () => void started.push(world.time()))
  world.add('later', 12_345)
  const idle = world.idle()
  const jobs = world.start()
  await idle
  expect(started).toEqual([12_345])
  world.stop.abort()
  await jobs.stopped
})

test('a failure is tried again, later each time, and for the last time with notice', async () => {
  const runs: { attempts: number; last: boolean; at: number }[] = []
  const world = createWorld(async ({ attempts }, { last }) => {
    runs.push({ attempts, last, at: world.time() })
    throw new Error(`no answer ${attempts}`)
  })
  world.add('a')
  const idle = world.idle()
  const jobs = world.start()
  await idle
  expect(runs).toEqual([
    { attempts: 1, last: false, at: 0 },
    { attempts: 2, last: false, at: 1000 },
    { attempts: 3, last: true, at: 3000 },
  ])
  expect(world.jobs.get('a')).toMatchObject({ state: 'dead', error: 'no answer 3' })
  world.stop.abort()
  await jobs.stopped
})

test('a permanent failure is a dead letter at once, and does not hold up the others', async () => {
  const done: string[] = []
  const world = createWorld(async ({ key }) => {
    if (key === 'bad') throw new PermanentFailure('550 no such user')
    done.push(key)
  })
  world.add('bad')
  world.add('good')
  const idle = world.idle()
  const jobs = world.start()
  await idle
  expect(world.jobs.get('bad')).toMatchObject({ state: 'dead', attempts: 1, error: '550 no such user' })
  expect(done).toEqual(['good'])
  world.stop.abort()
  await jobs.stopped
})

test('a job that took the process down each time is not started again', async () => {
  let runs = 0
  const world = createWorld(async () => void runs++)
  world.add('deadly', 0, SETTINGS.attempts)
  const idle = world.idle()
  const jobs = world.start()
  await idle
  expect(runs).toBe(0)
  expect(world.jobs.get('deadly')).toMatchObject({ state: 'dead', error: 'started 3 times without ever ending' })
  world.stop.abort()
  await jobs.stopped
})

test('a lost lease is noticed, and what the new owner does stands', async () => {
  const world = createWorld(async ({ key }) => void world.lose(key))
  world.add('a')
  const idle = world.idle()
  const jobs = world.start()
  // The lease of the other owner ends, the job is taken again and lost again, until it may not be started any more.
  await idle
  expect(world.logged).toContain('A job took longer than its lease; somebody else has taken it over.')
  expect(world.jobs.get('a')?.state).toBe('waiting')
  world.stop.abort()
  await jobs.stopped
})

test('a failing store is waited for', async () => {
  const done: string[] = []
  const world = createWorld(async (job) => void done.push(job.key))
  world.breakStore(3)
  world.add('a')
  const idle = world.idle()
  const jobs = world.start()
  await idle
  expect(done).toEqual(['a'])
  expect(world.sleeps.slice(0, 3)).toEqual([1000, 1000, 1000])
  world.stop.abort()
  await jobs.stopped
})

test('stopping finishes the job under way and begins no other', async () => {
  const done: string[] = []
  let release: () => void = () => undefined
  let begun: () => void = () => undefined
  const running = new Promise<void>((resolve) => (begun = resolve))
  const world = createWorld(async ({ key }) => {
    begun()
    await new Promise<void>((resolve) => (release = resolve))
    done.push(key)
  })
  world.add('a')
  world.add('b')
  const jobs = world.start()
  await running
  world.stop.abort()
  release()
  await jobs.stopped
  expect(done).toEqual(['a'])
  expect(world.jobs.get('a')?.state).toBe('done')
  expect(world.jobs.get('b')).toMatchObject({ state: 'waiting', attempts: 0 })
})

test('the back-off doubles to its cap, and chance takes at most half of it', () => {
  const options = { first: 1000, most: 60_000 }
  expect([1, 2, 3, 7, 30].map((attempts) => backoff(attempts, options, 1))).toEqual([1000, 2000, 4000, 60_000, 60_000])
  expect(backoff(3, options, 0)).toBe(2000)
  expect(backoff(2000, options, 0.5)).toBe(45_000)
})
