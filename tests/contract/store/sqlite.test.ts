import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import { MIGRATIONS } from '#server/store/sqlite/schema.ts'
import { body, openedBy, visitor } from '../../support/conversations.ts'
import { describeStore } from './suite.ts'
import type { Engine } from './use-store.ts'
import { begin, Device, message, NOW, thread, visitorAsker, visitorDevice } from './world.ts'

const sqlite: Engine = {
  place: async () => join(await mkdtemp(join(tmpdir(), 'parley-store-')), 'parley.db'),
  open: async (path) => openSqliteStore({ path }),
  copy: async (path) => {
    const to = await sqlite.place()
    await copyFile(path, to)
    return to
  },
  remove: (path) => rm(dirname(path), { recursive: true, force: true }),
}

describeStore('SQLite', sqlite)

const withPlace = async (work: (path: string) => Promise<void>) => {
  const path = await sqlite.place()
  try {
    await work(path)
  } finally {
    await sqlite.remove(path)
  }
}

test('a newer schema is refused, with both numbers and what to do, and left as it is', () =>
  withPlace(async (path) => {
    await openSqliteStore({ path }).close()
    const db = new Database(path)
    db.pragma(`user_version = ${MIGRATIONS.length + 3}`)
    db.close()
    expect(() => openSqliteStore({ path })).toThrow(
      `Database ${path} has schema ${MIGRATIONS.length + 3}; this build knows up to ${MIGRATIONS.length}. ` +
        'Upgrade the server, or restore the backup made before the upgrade.',
    )
    const after = new Database(path)
    expect(after.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length + 3)
    after.close()
  }))

test('a file that is no database is refused', () =>
  withPlace(async (path) => {
    await writeFile(path, 'this is not a database, and long enough to be looked at as one')
    expect(() => openSqliteStore({ path })).toThrow(/not a database/)
  }))

test('a missing directory is made, for our own user alone, and the file is in WAL mode', () =>
  withPlace(async (path) => {
    const deep = join(dirname(path), 'made', 'parley.db')
    const store = openSqliteStore({ path: deep })
    const db = new Database(deep, { readonly: true })
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
    for (const made of [dirname(deep), deep, `${deep}-wal`]) expect((await stat(made)).mode & 0o077, made).toBe(0)
    await store.close()
  }))

test('an in-memory store works the same', async () => {
  const store = openSqliteStore({ path: ':memory:' })
  const { room } = await begin(store)
  expect(await store.entries(room, 0)).toHaveLength(2)
  await store.close()
})

test('what was committed survives a killed process, and nothing of what was not', () =>
  withPlace(async (path) => {
    const script = fileURLToPath(new URL('killed.ts', import.meta.url))
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const told: string[] = []
    for await (const line of createInterface(child.stdout)) {
      told.push(line)
      if (told.length === 20) child.kill('SIGKILL')
    }
    await ended
    expect(told.length).toBeGreaterThanOrEqual(20)

    const store = openSqliteStore({ path })
    for (const conversation of told) {
      const entries = await store.entries({ kind: 'thread', conversation }, 0)
      expect(entries.map((entry) => entry.seq)).toEqual([0, 1, 2, 3])
    }
    // Whole transactions alone: each conversation that is there has its job.
    const summaries = await store.conversationsOf(visitor)
    const jobs = new Set<string>()
    for (let job; (job = await store.leaseJob('test', NOW + 1_000_000, 60_000)) !== null;)
      jobs.add(job.payload.conversation)
    expect(jobs).toEqual(new Set(summaries.map((summary) => summary.id)))
    expect(jobs.size).toBeGreaterThanOrEqual(told.length)
    await store.close()
  }))

test('what another connection stores is seen by the next append', () =>
  withPlace(async (path) => {
    const one = openSqliteStore({ path })
    const { room, device } = await begin(one)
    const other = openSqliteStore({ path })
    for (const [i, store] of [one, other, one, other].entries()) {
      const { results, rows } = await store.append([device.says(room, message(visitor, `Number ${i}`))], NOW)
      expect(results[0]).toMatchObject({ status: 'stored', entries: [{ seq: 2 + i, clock: 2 + i }] })
      expect(rows[0]).toMatchObject({ summary: { visitorMessages: 2 + i } })
    }
    expect((await one.entries(room, 0)).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5])
    await other.close()
    await one.close()
  }))

test('an append that fails leaves nothing behind that the next would build on', () =>
  withPlace(async (path) => {
    let fails = false
    const reached = (): void => {
      if (fails) throw new Error('out of order')
    }
    const store = openSqliteStore({ path, reached })
    const { room, device } = await begin(store)
    const update = device.says(room, message(visitor, 'Again'))
    const ofNobody = visitorDevice()
    const beginning = ofNobody.says(thread(), openedBy(visitor), message(visitor, 'Hello'))
    fails = true
    await expect(store.append([update, beginning], NOW)).rejects.toThrow('out of order')
    fails = false
    const { results } = await store.append([update, beginning], NOW)
    expect(results).toMatchObject([
      { status: 'stored', entries: [{ seq: 2, clock: 2 }] },
      { status: 'stored', entries: [{ seq: 0 }, { seq: 1 }] },
    ])
    expect(await store.summary(room.conversation)).toMatchObject({ visitorMessages: 2 })
    await store.close()
  }))

test('a database of the first build is taken on with all its entries', () =>
  withPlace(async (path) => {
    const old = new Database(path)
    for (const step of MIGRATIONS.slice(0, 2)) old.exec(step)
    old.pragma('user_version = 2')
    const store = openSqliteStore({ path: await filledBy(old, path) })
    const [{ id: conversation } = { id: '' }] = await store.conversationsOf(visitor)
    const room = { kind: 'thread', conversation } as const
    expect((await store.entries(room, 0)).map(({ seq, clock }) => [seq, clock])).toEqual([
      [0, 0],
      [1, 1],
    ])
    const next = new Device(visitor, visitorAsker(), 7)
    next.entry(openedBy(visitor))
    next.entry(message(visitor, 'Hello'))
    const { results } = await store.append([next.says(room, message(visitor, 'Still there'))], NOW)
    expect(results[0]).toMatchObject({ status: 'stored', entries: [{ seq: 2, clock: 2 }] })
    await store.close()
  }))

/** Puts a conversation, as this build stores it, into a database of the old schema. */
async function filledBy(old: Database.Database, path: string): Promise<string> {
  const place = await sqlite.place()
  const store = openSqliteStore({ path: place })
  const device = new Device(visitor, visitorAsker(), 7)
  await store.append([device.says(thread(), openedBy(visitor), message(visitor, 'Hello'))], NOW)
  await store.close()
  old.exec(`ATTACH '${place}' AS filled`)
  for (const table of ['conversations', 'documents', 'entries', 'spans']) {
    old.exec(`INSERT INTO main.${table} SELECT * FROM filled.${table}`)
  }
  old.close()
  await sqlite.remove(place)
  return path
}

test('[E10] the words of an erased entry are in no file of the database, not even in a page that is free', () =>
  withPlace(async (path) => {
    const store = openSqliteStore({ path })
    const { room, device, message: id } = await begin(store)
    const secret = 'The-Words-That-Must-Go'
    const said = device.says(room, message(visitor, secret), message(visitor, `${secret} `.repeat(150)))
    await store.append([said], NOW)
    const edit = { kind: 'edited', by: visitor, at: NOW, entry: id, body: body(secret) } as const
    await store.append([device.says(room, edit)], NOW)
    const found = async () => {
      const files = await readdir(dirname(path))
      const all = await Promise.all(files.map((file) => readFile(join(dirname(path), file))))
      return all.some((bytes) => bytes.includes(secret))
    }
    expect(await found()).toBe(true)
    for (const each of [id, ...said.entries.map((entry) => entry.id)]) await store.erase(room, each)
    expect(await found()).toBe(false)
    await store.close()
  }))
