import { expect } from 'vitest'
import { storedEntries } from './backups.ts'
import { wordsIn } from './book.ts'
import type { Browser } from './browser.ts'
import { bytesOnDisk, outboxOf } from './holdings.ts'
import { startedBy, type Count } from './people.ts'
import { SECRET } from './steps.ts'
import { checkConversation, type Rows } from './views.ts'
import type { World } from './world.ts'

/** What must hold when nothing moves any more. */

/** Everybody looks at everything that they may see. */
export async function lookAtAll(world: World): Promise<void> {
  for (const agent of world.agents) for (const tab of agent.tabs) for (const id of await all(world)) tab.look(id)
  for (const visitor of world.visitors) {
    for (const tab of visitor.tabs) for (const id of await startedBy(world, visitor)) tab.look(id)
  }
}

/** Whether every device is live and synced, and nothing waits. */
export function isAtRest(world: World): boolean {
  return world.browsers.every(({ tabs }) =>
    tabs.every(
      ({ device, open }) =>
        device.connection.state === 'live' &&
        device.connection.waiting === 0 &&
        [...open.values()].every(({ state }) => state === 'synced' || state === 'gone'),
    ),
  )
}

/** Asserts every invariant; counts what was seen, so that the runs together can be shown to be no idle ones. */
export async function checkAll(world: World, count: Count): Promise<void> {
  const conversations = new Map<string, Rows>()
  for (const { room, rows } of await storedEntries(world)) {
    const known = conversations.get(room.conversation) ?? { thread: [], team: [] }
    conversations.set(room.conversation, { ...known, [room.kind]: rows })
  }
  let validCloses = 0
  for (const [id, rows] of conversations) validCloses += await checkConversation(world, id, rows, count)
  await checkRowsInAll(world)
  checkAuthors(world, conversations)
  expect(await missing(world), 'written, and neither stored nor refused').toEqual([])
  checkOutboxes(world, count)
  checkSecrecy(world)
  expect(await waitingOnDisk(world), 'outboxes on the disks').toEqual([])
  expect(await erasedWordsFound(world), 'erased words').toEqual([])
  expect(await jobs(world), 'transcript jobs, one for each valid close').toBe(validCloses)
}

/** What people wrote and nobody has: neither is it stored, nor in their hands as refused, nor lost with good reason. */
export async function missing(world: World): Promise<string[]> {
  const { book } = world
  const stored = new Set((await storedEntries(world)).flatMap(({ rows }) => rows.map(({ id }) => id)))
  const begun = new Set(await all(world))
  const found: string[] = []
  for (const [id, { by, conversation, names = '' }] of book.written) {
    if (stored.has(id) || book.mayBeLost.has(id)) continue
    const [opened] = [...book.written].find((each) => each[1].conversation === conversation) ?? []
    // A conversation that is lost with its beginning takes with it what others said there.
    if (!begun.has(conversation) && opened !== undefined && book.mayBeLost.has(opened)) continue
    const author = world.browsers.find(({ principal }) => principal === by)
    // What they were told is stored is not theirs to decide about: it comes back, unless what it changes is no more.
    const isBaseless = book.erased.has(names) || book.mayBeLost.has(names)
    const isTold = book.cutOff.has(id) && !book.unheard.has(id)
    const mayBeRefused = !isTold || !begun.has(conversation) || isBaseless
    if (author === undefined || !mayBeRefused || !isRefused(author, conversation, id)) {
      found.push(`${id} of ${by} in ${conversation}${book.cutOff.has(id) ? ', cut off' : ''}`)
    }
  }
  return found
}

/** Words that were erased, and where they still are: in the database, on a disk, or on a screen. */
export async function erasedWordsFound(world: World): Promise<string[]> {
  const { erasedWords } = world.book
  if (erasedWords.size === 0) return []
  const places: [where: string, text: string][] = [['the database', (await world.store.copy()).toString('latin1')]]
  for (const browser of world.browsers) {
    for (const [name, bytes] of await bytesOnDisk(browser)) places.push([name, bytes.toString('latin1')])
    for (const { device, open } of browser.tabs) {
      const views = [...open.values()].map(({ view }) => view)
      places.push([`a tab of ${browser.principal}`, JSON.stringify([views, device.inbox.conversations])])
    }
  }
  return places.flatMap(([where, text]) =>
    [...new Set(wordsIn(text))].flatMap((word) => (erasedWords.has(word) ? [`${word}: ${where}`] : [])),
  )
}

/** Entries on a disk that are neither stored nor refused, though nothing moves. */
export async function waitingOnDisk(world: World): Promise<string[]> {
  const rows = await Promise.all(world.browsers.map((browser) => outboxOf(browser)))
  return rows.flat().flatMap(({ id, refused, recovered }) => (refused === null && !recovered ? [`${id} waits`] : []))
}

async function all(world: World): Promise<string[]> {
  const ids = await Promise.all(world.visitors.map((visitor) => startedBy(world, visitor)))
  return ids.flat()
}

/** The agents' lists hold what the store lists, and nothing of a history that was cut off. */
async function checkRowsInAll(world: World): Promise<void> {
  const visitors = [...world.visitors.map(({ principal }) => principal), world.mallory]
  const summaries = (await Promise.all(visitors.map((each) => world.store.conversationsOf(each)))).flat()
  const listed = summaries.flatMap(({ id, last }) => (last === null ? [] : [id])).sort()
  for (const { principal, tabs } of world.agents) {
    for (const { device } of tabs) {
      const rows = device.inbox.conversations.map(({ id }) => id).sort()
      expect(rows, `the list of ${principal}`).toEqual(listed)
    }
  }
}

/** What is stored stands there once, in the name of who wrote it, and is nobody's refused entry. */
function checkAuthors(world: World, conversations: ReadonlyMap<string, Rows>): void {
  const { book } = world
  const seen = new Set<string>()
  for (const [conversation, { thread, team }] of conversations) {
    for (const { id, by, text } of [...thread, ...team]) {
      const author = world.browsers.find(({ principal }) => principal === by)
      if (author === undefined) {
        expect(by, `who wrote ${text}`).toBe(world.eve)
        continue
      }
      const [word] = wordsIn(text)
      const key = book.written.has(id) || word === undefined ? id : word
      expect(book.written.get(id)?.by ?? book.unsure.get(key), `${text} was never written`).toBe(by)
      expect(seen.has(key), `${text} is stored twice`).toBe(false)
      expect(isRefused(author, conversation, id), `${text} is stored, and refused`).toBe(false)
      seen.add(key)
    }
  }
}

function isRefused({ tabs }: Browser, conversation: string, id: string): boolean {
  return tabs.some((tab) =>
    tab.look(conversation).view.timeline.some((item) => item.id === id && item.refused !== null),
  )
}

function checkOutboxes(world: World, count: Count): void {
  for (const { tabs } of world.browsers) {
    for (const { device } of tabs) {
      expect(device.connection.waiting, 'nothing waits').toBe(0)
      count('refused', device.connection.refused)
    }
  }
}

function checkSecrecy(world: World): void {
  for (const { link } of world.visitors) {
    for (const bytes of link.received) {
      expect(
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(SECRET),
        'a comment on a visitor’s wire',
      ).toBe(false)
    }
  }
}

async function jobs(world: World): Promise<number> {
  let count = 0
  // By any clock that the server may have had.
  while ((await world.store.leaseJob('check', Date.now() + 3_600_000, 86_400_000)) !== null) count++
  return count
}
