import * as Y from 'yjs'
import { textsOf } from '#conversation/document.ts'
import { isErasedText } from '#conversation/erasure.ts'
import type { OutboxRow } from '#sync/disk.ts'
import type { Browser } from './browser.ts'
import { openFromOutside } from './tab-disk.ts'

/** What devices hold, read from under them. */

/** The ids of the entries that a browser would bring to a relay that lacks them. */
export async function heldBy(browser: Browser): Promise<Set<string>> {
  if (!browser.keeps) return new Set(browser.tabs.flatMap((tab) => [...tab.wrote]))
  const { principal, profile } = browser
  const disk = diskOf(browser)
  if (!(await databasesOf(browser)).includes(disk)) return new Set()
  const [rows, generations] = await readAll(disk, 'outbox', 'generations')
  const held = new Set((rows as OutboxRow[]).map(({ id }) => id))
  for (const { room, generation } of generations as { room: string; generation: number }[]) {
    for (const [id, text] of await entriesIn(browser, `${profile}${principal}/${room}/${generation}`)) {
      if (text.includes(`"by":"${principal}"`) && !isErasedText(text)) held.add(id)
    }
  }
  return held
}

async function entriesIn(browser: Browser, database: string): Promise<[id: string, text: string][]> {
  // Opening what is not there would make it.
  if (!(await databasesOf(browser)).includes(database)) return []
  const [updates] = await readAll(database, 'updates')
  const doc = new Y.Doc()
  for (const update of updates as Uint8Array[]) Y.applyUpdate(doc, update)
  return [...textsOf(doc).entries()]
}

/** The rows of the outbox that is on a browser's disk. */
export async function outboxOf(browser: Browser): Promise<OutboxRow[]> {
  const disk = diskOf(browser)
  if (!browser.keeps || !(await databasesOf(browser)).includes(disk)) return []
  const [rows] = await readAll(disk, 'outbox')
  return rows as OutboxRow[]
}

function diskOf({ profile, principal }: Browser): string {
  return `parley/${profile}${principal}`
}

/** Everything that a browser's disk holds, as bytes by database. */
export async function bytesOnDisk(browser: Browser): Promise<[database: string, bytes: Buffer][]> {
  const found: [string, Buffer][] = []
  for (const name of await databasesOf(browser)) {
    const values = (await readAll(name)).flat()
    const bytes = values.map((each) => (each instanceof Uint8Array ? each : Buffer.from(JSON.stringify(each))))
    found.push([name, Buffer.concat(bytes)])
  }
  return found
}

async function databasesOf({ profile, principal }: Browser): Promise<string[]> {
  const all = await indexedDB.databases()
  return all.flatMap(({ name }) => (name?.includes(`${profile}${principal}`) === true ? [name] : []))
}

/** The values of these stores of a database; of all of them if none is named. */
async function readAll(name: string, ...stores: string[]): Promise<unknown[][]> {
  const db = await openFromOutside(name)
  const names = stores.length > 0 ? stores : [...db.objectStoreNames]
  const values = names.map(
    (store) =>
      new Promise<unknown[]>((resolve, reject) => {
        const asked = db.transaction(store).objectStore(store).getAll()
        asked.addEventListener('success', () => resolve(asked.result))
        asked.addEventListener('error', () => reject(asked.error ?? new Error(store)))
      }),
  )
  const all = await Promise.all(values)
  db.close()
  return all
}
