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
import { answer, committed, deleteDatabase, openDatabase } from '#sync/indexed.ts'

const VERSION = 1

interface Generations {
  room: string
  generation: number
  oldest: number
  /** The copy may be of a history that is over. */
  suspect?: true
}

/**
 * The stores: `outbox` holds OutboxRow, `rows` FeedRow by `kind/id`, `meta` the cursor, `generations` the generation of
 * each room's document and the oldest one that may still be on the disk, `seen` LocalMarker.
 */
type Store = 'outbox' | 'rows' | 'meta' | 'generations' | 'seen'

/**
 * Opens the disk of one principal in IndexedDB. Rejects if the browser will not have it.
 *
 * @param lost called when the browser takes the database away under way: another tab deletes it or brings a newer
 *   schema, or the browser ends the connection
 */
export async function openIndexedDisk(name: string, lost: () => void): Promise<Disk> {
  const db = await openDatabase(name, {
    version: VERSION,
    upgrade(database) {
      database.createObjectStore('outbox', { keyPath: 'id' }).createIndex('order', 'order')
      database.createObjectStore('rows')
      database.createObjectStore('meta')
      database.createObjectStore('generations', { keyPath: 'room' })
      database.createObjectStore('seen', { keyPath: 'conversation' })
    },
    lost,
  })
  return new IndexedDisk(name, db)
}

class IndexedDisk implements Disk {
  readonly storage = 'kept'
  readonly #name: string
  readonly #db: IDBDatabase

  constructor(name: string, db: IDBDatabase) {
    this.#name = name
    this.#db = db
  }

  outbox(): Promise<OutboxRow[]> {
    return answer(this.#read('outbox').index('order').getAll())
  }

  addRow(row: NewRow, instead?: string): Promise<OutboxRow> {
    return this.#write(['outbox'], async (store) => {
      const outbox = store('outbox')
      if (instead !== undefined) outbox.delete(instead)
      const last = await answer(outbox.index('order').openKeyCursor(null, 'prev'))
      const placed = { ...row, order: orderAfter((last?.key as number | undefined) ?? null, row.writtenAt) }
      outbox.put(placed)
      return placed
    })
  }

  changeRows(rows: OutboxRow[]): Promise<void> {
    return this.#write(['outbox'], async (store) => {
      const outbox = store('outbox')
      for (const row of rows) if ((await answer(outbox.getKey(row.id))) !== undefined) outbox.put(row)
    })
  }

  removeRows(ids: string[]): Promise<void> {
    return this.#write(['outbox'], async (store) => {
      for (const id of ids) store('outbox').delete(id)
    })
  }

  settleRows(room: string, ids: string[]): Promise<void> {
    return this.#write(['outbox', 'generations'], async (store) => {
      for (const id of ids) store('outbox').delete(id)
      await suspect(store('generations'), room)
    })
  }

  async generation(room: string): Promise<number> {
    const known = await generationsOf(this.#read('generations'), room)
    if (known !== undefined) return known.generation
    return this.#write(['generations'], async (store) => {
      const generations = store('generations')
      const now = (await generationsOf(generations, room)) ?? { room, generation: 0, oldest: 0 }
      generations.put(now)
      return now.generation
    })
  }

  nextGeneration(room: string, from: number, rows: NewRow[]) {
    return this.#write(['generations', 'outbox'], async (store) => {
      const generations = store('generations')
      const outbox = store('outbox')
      const known = (await generationsOf(generations, room)) ?? { room, generation: from, oldest: 0 }
      const generation = Math.max(known.generation, from + 1)
      // Also if another tab was first: its copy need not have had all that this one holds.
      const existing: OutboxRow[] = await answer(outbox.index('order').getAll())
      const added = placedBefore(room, existing, rows)
      for (const row of added) outbox.put(row)
      generations.put({ ...known, generation })
      return { generation, added }
    })
  }

  async suspects(): Promise<string[]> {
    return (await this.#generations()).filter((each) => each.suspect === true).map(({ room }) => room)
  }

  cleared(room: string): Promise<void> {
    return this.#write(['generations'], async (store) => {
      const generations = store('generations')
      const known = await generationsOf(generations, room)
      if (known === undefined) return
      const { suspect: _, ...rest } = known
      generations.put(rest)
    })
  }

  async oldCopies(): Promise<{ room: string; generations: number[] }[]> {
    return (await this.#generations())
      .filter((each) => each.oldest < each.generation)
      .map(({ room, oldest, generation }) => ({ room, generations: range(oldest, generation) }))
  }

  forgetCopies(room: string, below: number): Promise<void> {
    return this.#write(['generations'], async (store) => {
      const generations = store('generations')
      const known = await generationsOf(generations, room)
      if (known !== undefined) generations.put({ ...known, oldest: Math.max(known.oldest, below) })
    })
  }

  async allCopies(): Promise<{ room: string; generations: number[] }[]> {
    return (await this.#generations()).map(({ room, oldest, generation }) => ({
      room,
      generations: range(oldest, generation + 1),
    }))
  }

  async feed(): Promise<{ rows: FeedRow[]; cursor: number | null }> {
    const tx = this.#db.transaction(['rows', 'meta'])
    const [rows, cursor] = await Promise.all([
      answer<FeedRow[]>(tx.objectStore('rows').getAll()),
      answer<number | undefined>(tx.objectStore('meta').get('cursor')),
    ])
    return { rows, cursor: cursor ?? null }
  }

  putFeed(step: FeedStep): Promise<void> {
    return this.#write(['rows', 'meta', 'generations'], async (store) => {
      const meta = store('meta')
      const rows = store('rows')
      const kept = (await answer<number | undefined>(meta.get('cursor'))) ?? 0
      // Another tab has put this page already, or has started over.
      if (step.from !== null && (kept < step.from || kept > step.cursor)) return
      const generations = store('generations')
      const doubtful = step.from === null ? ((await answer(generations.getAllKeys())) as string[]) : []
      for (const row of step.rows) {
        doubtful.push(...doubtfulRooms(row, await answer<FeedRow | undefined>(rows.get(`${row.kind}/${row.id}`))))
      }
      for (const room of doubtful) await suspect(generations, room)
      if (step.from === null) rows.clear()
      for (const row of step.rows) {
        if (row.kind === 'gone') rows.delete(`${row.of}/${row.id}`)
        else rows.put(row, `${row.kind}/${row.id}`)
      }
      meta.put(step.cursor, 'cursor')
    })
  }

  markers(): Promise<LocalMarker[]> {
    return answer(this.#read('seen').getAll())
  }

  putMarker(marker: LocalMarker): Promise<void> {
    return this.#write(['seen'], async (store) => {
      const known = await answer<LocalMarker | undefined>(store('seen').get(marker.conversation))
      if (known === undefined || known.index < marker.index) store('seen').put(marker)
    })
  }

  removeMarker(conversation: string): Promise<void> {
    return this.#write(['seen'], async (store) => void store('seen').delete(conversation))
  }

  close(): void {
    this.#db.close()
  }

  async wipe(): Promise<void> {
    this.#db.close()
    await deleteDatabase(this.#name)
  }

  #read(name: Store): IDBObjectStore {
    return this.#db.transaction(name).objectStore(name)
  }

  #generations(): Promise<Generations[]> {
    return answer(this.#read('generations').getAll())
  }

  /** One transaction. `strict`: a message on the screen is on the disk, not in a buffer that a power cut takes. */
  async #write<T>(names: Store[], run: (store: (name: Store) => IDBObjectStore) => Promise<T>): Promise<T> {
    const tx = this.#db.transaction(names, 'readwrite', { durability: 'strict' })
    const done = committed(tx)
    // What has failed a request is thrown from there.
    done.catch(() => {})
    const result = await run((name) => tx.objectStore(name))
    await done
    return result
  }
}

function generationsOf(generations: IDBObjectStore, room: string): Promise<Generations | undefined> {
  return answer(generations.get(room))
}

async function suspect(generations: IDBObjectStore, room: string): Promise<void> {
  const known = await generationsOf(generations, room)
  if (known !== undefined && known.suspect !== true) generations.put({ ...known, suspect: true })
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}
