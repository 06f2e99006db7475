import { deleteDB, openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from 'idb'
import type { FeedRow } from '#conversation/rows.ts'
import {
  doubtfulRooms,
  orderAfter,
  placedBefore,
  type Disk,
  type FeedStep,
  type LocalMarker,
  type NewRow,
  type OutboxRow,
} from '#sync/disk.ts'

const VERSION = 1

interface Generations {
  room: string
  generation: number
  oldest: number
  /** The copy may be of a history that is over. */
  suspect?: true
}

interface Schema extends DBSchema {
  outbox: { key: string; value: OutboxRow; indexes: { order: number } }
  /** By `kind/id`. */
  rows: { key: string; value: FeedRow }
  meta: { key: 'cursor'; value: number }
  /** The generation of each room's document, and the oldest one that may still be on the disk. */
  generations: { key: string; value: Generations }
  seen: { key: string; value: LocalMarker }
}
type Store = 'outbox' | 'rows' | 'meta' | 'generations' | 'seen'

/**
 * Opens the disk of one principal in IndexedDB. Rejects if the browser will not have it.
 *
 * @param lost called when the browser takes the database away under way: another tab deletes it or brings a newer
 *   schema, or the browser ends the connection
 */
export async function openIndexedDisk(name: string, lost: () => void): Promise<Disk> {
  const db = await openDB<Schema>(name, VERSION, {
    upgrade(database) {
      database.createObjectStore('outbox', { keyPath: 'id' }).createIndex('order', 'order')
      database.createObjectStore('rows')
      database.createObjectStore('meta')
      database.createObjectStore('generations', { keyPath: 'room' })
      database.createObjectStore('seen', { keyPath: 'conversation' })
    },
    // Whoever waits for us is newer, or wipes: give way at once.
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      lost()
    },
    terminated: lost,
  })
  return new IndexedDisk(name, db)
}

class IndexedDisk implements Disk {
  readonly storage = 'kept'
  readonly #name: string
  readonly #db: IDBPDatabase<Schema>

  constructor(name: string, db: IDBPDatabase<Schema>) {
    this.#name = name
    this.#db = db
  }

  outbox(): Promise<OutboxRow[]> {
    return this.#db.getAllFromIndex('outbox', 'order')
  }

  async addRow(row: NewRow, instead?: string): Promise<OutboxRow> {
    const tx = this.#write('outbox')
    const store = tx.objectStore('outbox')
    if (instead !== undefined) await store.delete(instead)
    const last = await store.index('order').openKeyCursor(null, 'prev')
    const placed = { ...row, order: orderAfter(last?.key ?? null, row.writtenAt) }
    await store.put(placed)
    await tx.done
    return placed
  }

  async changeRows(rows: OutboxRow[]): Promise<void> {
    const tx = this.#write('outbox')
    const store = tx.objectStore('outbox')
    for (const row of rows) if ((await store.getKey(row.id)) !== undefined) await store.put(row)
    await tx.done
  }

  async removeRows(ids: string[]): Promise<void> {
    const tx = this.#write('outbox')
    await Promise.all([...ids.map((id) => tx.objectStore('outbox').delete(id)), tx.done])
  }

  async settleRows(room: string, ids: string[]): Promise<void> {
    const tx = this.#write('outbox', 'generations')
    await Promise.all([
      ...ids.map((id) => tx.objectStore('outbox').delete(id)),
      suspect(tx.objectStore('generations'), room),
    ])
    await tx.done
  }

  async generation(room: string): Promise<number> {
    const known = await this.#db.get('generations', room)
    if (known !== undefined) return known.generation
    const tx = this.#write('generations')
    const store = tx.objectStore('generations')
    const now = (await store.get(room)) ?? { room, generation: 0, oldest: 0 }
    await store.put(now)
    await tx.done
    return now.generation
  }

  async nextGeneration(room: string, from: number, rows: NewRow[]) {
    const tx = this.#write('generations', 'outbox')
    const generations = tx.objectStore('generations')
    const known = (await generations.get(room)) ?? { room, generation: from, oldest: 0 }
    const generation = Math.max(known.generation, from + 1)
    const outbox = tx.objectStore('outbox')
    // Also if another tab was first: its copy need not have had all that this one holds.
    const added = placedBefore(room, await outbox.index('order').getAll(), rows)
    for (const row of added) await outbox.put(row)
    await generations.put({ ...known, generation })
    await tx.done
    return { generation, added }
  }

  async suspects(): Promise<string[]> {
    const all = await this.#db.getAll('generations')
    return all.filter((each) => each.suspect === true).map(({ room }) => room)
  }

  async cleared(room: string): Promise<void> {
    const tx = this.#write('generations')
    const known = await tx.store.get(room)
    if (known !== undefined) {
      const { suspect: _, ...rest } = known
      await tx.store.put(rest)
    }
    await tx.done
  }

  async oldCopies(): Promise<{ room: string; generations: number[] }[]> {
    const all = await this.#db.getAll('generations')
    return all
      .filter((each) => each.oldest < each.generation)
      .map(({ room, oldest, generation }) => ({ room, generations: range(oldest, generation) }))
  }

  async forgetCopies(room: string, below: number): Promise<void> {
    const tx = this.#write('generations')
    const known = await tx.objectStore('generations').get(room)
    if (known !== undefined)
      await tx.objectStore('generations').put({ ...known, oldest: Math.max(known.oldest, below) })
    await tx.done
  }

  async allCopies(): Promise<{ room: string; generations: number[] }[]> {
    const all = await this.#db.getAll('generations')
    return all.map(({ room, oldest, generation }) => ({ room, generations: range(oldest, generation + 1) }))
  }

  async feed(): Promise<{ rows: FeedRow[]; cursor: number | null }> {
    const tx = this.#db.transaction(['rows', 'meta'])
    const [rows, cursor] = await Promise.all([tx.objectStore('rows').getAll(), tx.objectStore('meta').get('cursor')])
    return { rows, cursor: cursor ?? null }
  }

  async putFeed(step: FeedStep): Promise<void> {
    const tx = this.#write('rows', 'meta', 'generations')
    const meta = tx.objectStore('meta')
    const rows = tx.objectStore('rows')
    const kept = (await meta.get('cursor')) ?? 0
    // Another tab has put this page already, or has started over.
    if (step.from !== null && (kept < step.from || kept > step.cursor)) return
    const generations = tx.objectStore('generations')
    const doubtful = step.from === null ? await generations.getAllKeys() : []
    for (const row of step.rows) doubtful.push(...doubtfulRooms(row, await rows.get(`${row.kind}/${row.id}`)))
    for (const room of doubtful) await suspect(generations, room)
    if (step.from === null) await rows.clear()
    const writes = step.rows.map((row) =>
      row.kind === 'gone' ? rows.delete(`${row.of}/${row.id}`) : rows.put(row, `${row.kind}/${row.id}`),
    )
    await Promise.all([...writes, meta.put(step.cursor, 'cursor'), tx.done])
  }

  markers(): Promise<LocalMarker[]> {
    return this.#db.getAll('seen')
  }

  async putMarker(marker: LocalMarker): Promise<void> {
    const tx = this.#write('seen')
    const known = await tx.store.get(marker.conversation)
    if (known === undefined || known.index < marker.index) await tx.store.put(marker)
    await tx.done
  }

  async removeMarker(conversation: string): Promise<void> {
    await this.#db.delete('seen', conversation)
  }

  close(): void {
    this.#db.close()
  }

  async wipe(): Promise<void> {
    this.#db.close()
    await deleteDB(this.#name)
  }

  /** `strict`: a message on the screen is on the disk, not in a buffer that a power cut takes. */
  #write<Names extends Store[]>(...names: Names) {
    return this.#db.transaction<Names, 'readwrite'>(names, 'readwrite', { durability: 'strict' })
  }
}

type GenerationStore<Names extends Store[]> = IDBPObjectStore<Schema, Names, 'generations', 'readwrite'>

async function suspect<Names extends Store[]>(generations: GenerationStore<Names>, room: string): Promise<void> {
  const known = await generations.get(room)
  if (known !== undefined && known.suspect !== true) await generations.put({ ...known, suspect: true })
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}
