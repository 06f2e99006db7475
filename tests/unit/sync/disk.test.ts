import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import type { AgentRow, ConversationRow } from '#conversation/rows.ts'
import type { Summary } from '#conversation/summary.ts'
import { openDisk } from '#sync/disk-fallback.ts'
import { createMemoryDisk } from '#sync/disk-memory.ts'
import type { Disk, NewRow } from '#sync/disk.ts'
import { createEnvironment } from '#sync/environment.ts'

const environment = createEnvironment()
let names = 0
const newName = () => `disk-${++names}`
const kept = (name = newName(), lost = () => {}) => openDisk(name, environment, lost)

const row = (id: string, room = 'a', writtenAt = 1000): NewRow => ({
  id,
  room,
  text: `{"kind":"message","id":"${id}"}`,
  writtenAt,
  target: null,
  refused: null,
  recovered: false,
})
const agent = (id: string, version: number): AgentRow => ({
  kind: 'agent',
  id,
  version,
  name: id,
  email: `${id}@example.com`,
  role: 'agent',
  avatar: null,
  active: true,
})
const ids = async (disk: Disk) => (await disk.outbox()).map(({ id }) => id)

for (const [name, open] of [
  ['in IndexedDB', kept],
  ['in memory', async () => createMemoryDisk()],
] as const) {
  describe(name, () => {
    test('rows keep the order of writing, whatever the clock says', async () => {
      const disk = await open()
      for (const [id, at] of [
        ['one', 5000],
        ['two', 1000],
        ['three', 9000],
      ] as const) {
        await disk.addRow(row(id, 'a', at))
      }
      expect(await ids(disk)).toEqual(['one', 'two', 'three'])
    })

    test('a row is changed only while it is there, and replaced in one go', async () => {
      const disk = await open()
      const one = await disk.addRow(row('one'))
      await disk.addRow(row('two'))
      await disk.changeRows([{ ...one, refused: 'no' }])
      expect((await disk.outbox())[0]?.refused).toBe('no')
      await disk.addRow(row('three'), 'one')
      await disk.changeRows([one])
      expect(await ids(disk)).toEqual(['two', 'three'])
      await disk.removeRows(['two', 'three', 'never there'])
      expect(await ids(disk)).toEqual([])
    })

    test('what a given-up copy held comes before what waits for its room, and is not doubled', async () => {
      const disk = await open()
      await disk.addRow(row('other', 'b'))
      await disk.addRow(row('waiting', 'a'))
      const { generation, added } = await disk.nextGeneration('a', 0, [row('x'), row('waiting'), row('y')])
      expect([generation, added.map(({ id }) => id)]).toEqual([1, ['x', 'y']])
      expect(await ids(disk)).toEqual(['other', 'x', 'y', 'waiting'])
      expect(await disk.generation('a')).toBe(1)
      expect(await disk.generation('b')).toBe(0)
    })

    test('feed rows go with their cursor, gone ones go, and everything anew replaces all', async () => {
      const disk = await open()
      expect(await disk.feed()).toEqual({ rows: [], cursor: null })
      await disk.putFeed({ rows: [agent('ada', 1), agent('bo', 2)], cursor: 2, from: 0 })
      await disk.putFeed({ rows: [{ kind: 'gone', of: 'agent', id: 'ada', version: 3 }], cursor: 3, from: 2 })
      expect(await disk.feed()).toEqual({ rows: [agent('bo', 2)], cursor: 3 })
      await disk.putFeed({ rows: [agent('cy', 1)], cursor: 1, from: null })
      expect(await disk.feed()).toEqual({ rows: [agent('cy', 1)], cursor: 1 })
    })

    test('markers are one for each conversation', async () => {
      const disk = await open()
      await disk.putMarker({ conversation: 'a', entry: 'one', index: 1, read: 1 })
      await disk.putMarker({ conversation: 'a', entry: 'two', index: 2, read: 2 })
      expect(await disk.markers()).toEqual([{ conversation: 'a', entry: 'two', index: 2, read: 2 }])
      await disk.removeMarker('a')
      expect(await disk.markers()).toEqual([])
    })
  })
}

test('two tabs share a disk: one generation for both, and no page of the feed behind the other’s', async () => {
  const name = newName()
  const [one, two] = [await kept(name), await kept(name)]
  const [first, second] = await Promise.all([
    one.nextGeneration('a', 0, [row('x')]),
    two.nextGeneration('a', 0, [row('x')]),
  ])
  expect([first.generation, second.generation]).toEqual([1, 1])
  expect(await ids(one)).toEqual(['x'])
  await one.putFeed({ rows: [agent('ada', 1)], cursor: 1, from: 0 })
  await one.putFeed({ rows: [agent('bo', 2)], cursor: 2, from: 1 })
  await two.putFeed({ rows: [agent('ada', 1)], cursor: 1, from: 0 })
  // A page whose beginning is missing here would leave a hole.
  await two.putFeed({ rows: [agent('cy', 9)], cursor: 9, from: 8 })
  expect(await two.feed()).toEqual({ rows: [agent('ada', 1), agent('bo', 2)], cursor: 2 })
})

test('copies that were given up are known until they are deleted', async () => {
  const disk = await kept()
  await disk.generation('a')
  await disk.nextGeneration('b', 0, [])
  await disk.nextGeneration('b', 1, [])
  expect(await disk.oldCopies()).toEqual([{ room: 'b', generations: [0, 1] }])
  await disk.forgetCopies('b', 2)
  expect(await disk.oldCopies()).toEqual([])
  expect(await disk.allCopies()).toEqual([
    { room: 'a', generations: [0] },
    { room: 'b', generations: [2] },
  ])
})

test('[D3] copies become suspects with the page or the stamp that casts doubt on them, and stay so until they are cleared', async () => {
  const name = newName()
  const disk = await kept(name)
  const [here, there] = ['01K742SG000000000000000001', '01K742SG000000000000000002']
  const rooms = [`conversation/${here}/thread`, `conversation/${here}/team`, `conversation/${there}/thread`]
  for (const room of rooms) await disk.generation(room)
  const summary = { id: here } as Summary
  const told = (version: number, erased?: number): ConversationRow => ({
    kind: 'conversation',
    id: here,
    version,
    summary,
    ...(erased !== undefined && { erased }),
  })
  const suspects = async () => (await disk.suspects()).sort()
  await disk.putFeed({ rows: [told(1)], cursor: 1, from: 0 })
  expect(await suspects()).toEqual([])
  await disk.putFeed({ rows: [told(2, 2)], cursor: 2, from: 1 })
  expect(await suspects()).toEqual(rooms.slice(0, 2).sort())
  for (const room of rooms) await disk.cleared(room)
  // The same erasure is told with every later row.
  await disk.putFeed({ rows: [told(3, 2)], cursor: 3, from: 2 })
  expect(await suspects()).toEqual([])
  await disk.putFeed({ rows: [told(4, 4)], cursor: 4, from: null })
  expect(await suspects()).toEqual([...rooms].sort())
  for (const room of rooms) await disk.cleared(room)
  await disk.addRow(row('one', rooms[2]))
  await disk.settleRows(rooms[2] ?? '', ['one'])
  expect(await ids(disk)).toEqual([])
  disk.close()
  const again = await kept(name)
  expect(await again.suspects()).toEqual([rooms[2]])
  // A fresh generation does not settle it: only a sync does.
  await again.nextGeneration(rooms[2] ?? '', 0, [])
  expect(await again.suspects()).toEqual([rooms[2]])
  again.close()
})

test('a browser without IndexedDB, or whose IndexedDB refuses, gives a disk in memory', async () => {
  const none = await openDisk(newName(), { ...environment, indexedDB: null }, () => {})
  expect(none.storage).toBe('memory')
  const name = newName()
  await new Promise((resolve) => (indexedDB.open(name, 99).onsuccess = resolve))
  const newer = await kept(name)
  expect(newer.storage).toBe('memory')
  await newer.addRow(row('one'))
  expect(await ids(newer)).toEqual(['one'])
})

test('a browser that never answers is not waited for', async () => {
  const name = newName()
  // Another build of the page holds an older schema and does not give way.
  const blocker = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name, 1)
    request.onsuccess = () => resolve(request.result)
  })
  indexedDB.deleteDatabase(name)
  const disk = await openDisk(name, { ...environment, after: (_ms, run) => environment.after(1, run) }, () => {})
  expect(disk.storage).toBe('memory')
  blocker.close()
})

test('a disk that fails under way goes on in memory, and says so once', async () => {
  let losses = 0
  const name = newName()
  const disk = await kept(name, () => losses++)
  await disk.addRow(row('one'))
  const circular: { self?: unknown } = {}
  circular.self = () => circular
  // What cannot be stored is what a full disk looks like: the transaction fails.
  await disk.addRow({ ...row('two'), text: circular.self as string }).catch(() => {})
  expect(losses).toBe(1)
  expect(disk.storage).toBe('memory')
  await disk.addRow(row('three'))
  expect(losses).toBe(1)
})
