import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLocalBus } from '#server/bus/local.ts'
import type { Reached } from '#server/crash-points.ts'
import { startJobs } from '#server/jobs/runner.ts'
import { createTranscriptHandler } from '#server/mail/transcript-job.ts'
import { Queue } from '#server/relay/queue.ts'
import type { Job, Store } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import {
  agent,
  agentDevice,
  begin,
  closed,
  inbox,
  message,
  NOW,
  thread,
  visitorDevice,
} from '../contract/store/world.ts'
import { ada, openedBy, reduceAll, stamp, visitor } from '../support/conversations.ts'

/** Each crash point lies where it says: tests/crash kills the real process there. */

/** What happened, in order. */
let events: string[]
const happens = (what: string) => void events.push(what)
const reached: Reached = (point) => happens(`at ${point}`)
beforeEach(() => void (events = []))

describe('in-transaction', () => {
  let folder = ''
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parley-point-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const first = () => visitorDevice().says(thread(), openedBy(visitor), message(visitor, 'Hello'))
  const rows = (path: string) => {
    const db = new Database(path, { readonly: true })
    const found = db.prepare('SELECT id FROM entries').all()
    db.close()
    return found.length
  }

  test('all is written, and nobody else can see any of it yet', async () => {
    const path = join(folder, 'parley.db')
    const store = openSqliteStore({ path, reached: (point) => happens(`${rows(path)} rows at ${point}`) })
    await store.append([first()], NOW)
    expect(events).toEqual(['0 rows at in-transaction'])
    expect(rows(path)).toBe(2)
    await store.close()
  })

  test('what ends there leaves nothing behind', async () => {
    const path = join(folder, 'parley.db')
    let ends = true
    const end = () => {
      if (ends) throw new Error('the end')
    }
    const store = openSqliteStore({ path, reached: end })
    const update = first()
    await expect(store.append([update], NOW)).rejects.toThrow('the end')
    expect(rows(path)).toBe(0)
    ends = false
    // It was never stored, so it can be stored again as it is.
    expect((await store.append([update], NOW)).results).toMatchObject([{ status: 'stored' }])
    await store.close()
  })
})

test('after-commit: nobody has been told; after-frame: other rooms, the feed and the jobs have heard nothing', async () => {
  const summary = reduceAll('c', stamp([openedBy(visitor)]))
  if (summary === null) throw new Error('no summary')
  const append = visitorDevice().says(thread(), message(visitor, 'Hello'))
  const bus = createLocalBus()
  bus.subscribe(() => happens('the feed'))
  const queue = new Queue({
    store: {
      append: async (updates) => {
        happens('commit')
        return {
          results: updates.map(() => ({ status: 'known' })),
          rows: [{ kind: 'conversation', id: summary.id, version: 1, summary }],
          jobs: true,
        }
      },
    },
    bus,
    now: () => NOW,
    log: { warn() {}, error: (what) => happens(JSON.stringify(what)) },
    told: (room) => happens(`room ${room}`),
    failed: () => happens('failed'),
    onJobs: () => happens('the jobs'),
    reached,
  })
  for (const room of ['a', 'b']) queue.push({ append, room, settle: () => happens(`answer to ${room}`) })
  await queue.drain()
  expect(events).toEqual([
    'commit',
    'at after-commit',
    'answer to a',
    'answer to b',
    'room a',
    'at after-frame',
    'room b',
    'at after-frame',
    'the feed',
    'the jobs',
  ])
})

describe('a transcript', () => {
  let store: Store
  beforeEach(() => void (store = openSqliteStore({ path: ':memory:' })))
  afterEach(() => store.close())

  async function transcriptJob(): Promise<Job> {
    await store.putInbox(inbox('demo'))
    await store.putAgent(agent(ada))
    const { room, device, message: seen } = await begin(store)
    const email = { kind: 'identified', by: visitor, at: NOW, email: 'vera@example.com' } as const
    await store.append([device.says(room, email), agentDevice(ada).says(room, closed(ada, seen))], NOW + 1)
    const job = await store.leaseJob('test', NOW + 2, 1000)
    if (job === null) throw new Error('no job was written')
    return job
  }

  test('before-smtp: not sent; after-250: sent, and nobody has written it down', async () => {
    const handle = createTranscriptHandler({
      store,
      mailer: { send: async () => happens('sent') },
      append: async () => {
        happens('written down')
        return { status: 'known' }
      },
      mailFrom: 'parley@example.com',
      mailDomain: 'example.com',
      reached,
    })
    await handle(await transcriptJob(), { last: false, signal: new AbortController().signal })
    expect(events).toEqual(['at before-smtp', 'sent', 'at after-250', 'written down'])
  })

  test.each([
    { fails: false, expected: ['handled', 'at before-done', 'finished'] },
    { fails: true, expected: ['handled', 'put off'] },
  ])('before-done: handled, and still waiting (fails: $fails)', async ({ fails, expected }) => {
    const job = await transcriptJob()
    const stop = new AbortController()
    const jobs = [job]
    const done = (what: string) => {
      happens(what)
      stop.abort()
      return Promise.resolve(true)
    }
    await startJobs({
      store: {
        leaseJob: async () => jobs.splice(0)[0] ?? null,
        finishJob: () => done('finished'),
        retryJob: () => done('put off'),
        nextJobAt: async () => null,
      },
      handlers: {
        transcript: async () => {
          happens('handled')
          if (fails) throw new Error('451 Later')
        },
      },
      now: () => NOW,
      log: { warn() {}, error() {} },
      signal: stop.signal,
      owner: 'test',
      settings: { workers: 1 },
      reached,
    }).stopped
    expect(events).toEqual(expected)
  })
})
