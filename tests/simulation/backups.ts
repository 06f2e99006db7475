import type { Room } from '#conversation/rooms.ts'
import type { StoredEntry } from '#server/store/port.ts'
import { wordsIn } from './book.ts'
import type { Browser } from './browser.ts'
import { heldBy, outboxOf } from './holdings.ts'
import { startedBy, type Count } from './people.ts'
import type { World } from './world.ts'

/** Backups, what putting one back may cost, and erasures (docs/backup-and-erasure.md). */

export interface Backup {
  copy: Buffer
  /** What had been erased by then. */
  erasedWords: ReadonlySet<string>
}

export async function backsUp(world: World, count: Count): Promise<void> {
  world.backups.push({ copy: await world.store.copy(), erasedWords: new Set(world.book.erasedWords) })
  count('backups')
}

/** Puts a backup back: any one, also one of a history that was cut off since. */
export async function restores(world: World, count: Count): Promise<void> {
  const { book, random } = world
  const backup = random.pick(world.backups)
  if (backup === undefined || world.relay === null) return
  const before = await storedIds(world)
  await world.restartRelay(1 + random.below(5000), backup.copy)
  // What was erased since is back, and has to be erased again.
  book.erasedWords = new Set(backup.erasedWords)
  const stored = await storedIds(world)
  for (const id of before) if (!stored.has(id)) book.cutOff.add(id)
  for (const browser of world.browsers) {
    await noteUnheard(world, browser, stored)
    await forget(world, browser, stored)
  }
  count('restores')
  count('entries cut off', [...before].filter((id) => !stored.has(id)).length)
}

/** Notes what was cut off before its author's device had heard that it was stored: to the device it waits. */
async function noteUnheard({ book }: World, browser: Browser, stored: ReadonlySet<string>): Promise<void> {
  const waiting = new Set((await outboxOf(browser)).map(({ id }) => id))
  // What waits in memory cannot be told by its id.
  const any = !browser.keeps && browser.tabs.some(({ device }) => device.connection.waiting > 0)
  for (const id of book.missing(browser.principal, stored)) if (any || waiting.has(id)) book.unheard.add(id)
}

/** An administrator erases something. */
export async function erases(world: World, count: Count): Promise<void> {
  const { book, random, relay } = world
  const started = (await Promise.all(world.visitors.map((visitor) => startedBy(world, visitor)))).flat()
  const conversation = random.pick(started)
  if (conversation === undefined || relay === null) return
  const room: Room = { kind: random.chance(0.7) ? 'thread' : 'team', conversation }
  const rows = await world.store.entries(room, 0)
  const row = random.pick(rows.filter(({ text }) => wordsIn(text).length > 0))
  if (row === undefined) return
  const erasure = await relay.erase(room, row.id)
  if (erasure.status !== 'erased') return count(`erasures: ${erasure.status}`)
  for (const { id, text } of rows) {
    if (!erasure.entries.includes(id)) continue
    book.erased.add(id)
    for (const word of wordsIn(text)) {
      book.erasedWords.add(word)
      // Of an entry that nobody is sure of, the word was all that told it from others.
      const by = book.written.has(id) ? undefined : book.unsure.get(word)
      if (by !== undefined) book.unsure.set(id, by)
    }
  }
  count('erasures')
}

/** A tab has gone without a goodbye, and with it what it had in memory alone. */
export async function tabIsGone(world: World, browser: Browser): Promise<void> {
  await forget(world, browser, await storedIds(world))
}

/**
 * Notes which entries of a browser's principal are in no database and on no device now, though nobody is to blame: a
 * restore has cut them off, or the browser keeps nothing. Whatever else is missing has to come back.
 */
async function forget({ book }: World, browser: Browser, stored: ReadonlySet<string>): Promise<void> {
  const missing = book.missing(browser.principal, stored).filter((id) => !browser.keeps || book.cutOff.has(id))
  if (missing.length === 0) return
  const held = await heldBy(browser)
  for (const id of missing) if (!held.has(id) || book.erased.has(id)) book.mayBeLost.add(id)
}

/** Every stored entry of honest visitors' conversations, with the room it is in. */
export async function storedEntries(world: World): Promise<{ room: Room; rows: StoredEntry[] }[]> {
  const ids = (await Promise.all(world.visitors.map((visitor) => startedBy(world, visitor)))).flat()
  const rooms = ids.flatMap((conversation) => (['thread', 'team'] as const).map((kind) => ({ kind, conversation })))
  return await Promise.all(rooms.map(async (room) => ({ room, rows: await world.store.entries(room, 0) })))
}

export async function storedIds(world: World): Promise<Set<string>> {
  return new Set((await storedEntries(world)).flatMap(({ rows }) => rows.map(({ id }) => id)))
}
