import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { Life } from './life.ts'
import type { Random } from './random.ts'

/**
 * IndexedDB, with each connection in the hands of the life that opened it. A life that ends leaves the databases as a
 * browser would: of its transactions under way some are committed, the later ones of the same database aborted, and
 * nobody is told.
 */

let factory = new IDBFactory()
const disks = new WeakMap<Life, TabDisk>()

indexedDB.open = (name, version) => {
  const disk = Life.current === undefined ? undefined : disks.get(Life.current)
  if (disk === undefined) throw new Error(`${name} is opened outside of any tab`)
  return disk.open(name, version)
}
indexedDB.deleteDatabase = (name) =>
  Life.current?.dead === true ? new IDBOpenDBRequest() : factory.deleteDatabase(name)
indexedDB.databases = () => factory.databases()

/** Disks of nobody yet: another run's databases would only be in the way. */
export function newDisks(): void {
  factory = new IDBFactory()
}

/** Opens a database that is there, as no tab does: to look into it. It gives way to whoever wants it deleted. */
export function openFromOutside(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name)
    request.addEventListener('error', () => reject(request.error ?? new Error(name)))
    request.addEventListener('success', () => {
      request.result.addEventListener('versionchange', () => request.result.close())
      resolve(request.result)
    })
  })
}

/** What the dead are given: nothing that is asked of it is ever answered. */
const NOWHERE: object = new Proxy(
  {},
  {
    get: (_, property) => {
      if (property === 'store') return NOWHERE
      return property === 'done' ? new Promise(() => {}) : () => NOWHERE
    },
  },
)

/** The databases that one life has open. */
export class TabDisk {
  readonly #life: Life
  readonly #random: Random
  readonly #open = new Map<IDBDatabase, Set<IDBTransaction>>()

  constructor(life: Life, random: Random) {
    this.#life = life
    this.#random = random
    disks.set(life, this)
    life.onKill(() => {
      for (const [db, active] of this.#open) this.#cut(db, active)
    })
  }

  open(name: string, version?: number): IDBOpenDBRequest {
    // A request that was never made is never answered.
    if (this.#life.dead) return new IDBOpenDBRequest()
    const request = factory.open(name, version)
    request.addEventListener('success', (event) => {
      if (!this.#life.dead) return this.#watch(request.result)
      request.result.close()
      event.stopImmediatePropagation()
    })
    return request
  }

  #watch(db: IDBDatabase): void {
    const active = new Set<IDBTransaction>()
    this.#open.set(db, active)
    const begin = db.transaction.bind(db)
    db.transaction = (...of) => {
      if (this.#life.dead) return NOWHERE as IDBTransaction
      const transaction = begin(...of)
      active.add(transaction)
      for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => active.delete(transaction))
      return transaction
    }
    const hush = (event: Event) => this.#life.dead && event.stopImmediatePropagation()
    for (const type of ['error', 'abort', 'versionchange', 'close']) db.addEventListener(type, hush, { capture: true })
  }

  /** The first few go on to their end, the others have never been. */
  #cut(db: IDBDatabase, active: ReadonlySet<IDBTransaction>): void {
    const kept = this.#random.chance(0.5) ? active.size : this.#random.below(active.size + 1)
    const cut = [...active].slice(kept)
    for (const transaction of cut) abort(transaction)
    // Who waits behind an aborted one would learn of it by the event that is hushed; a new transaction wakes them too.
    const [store] = db.objectStoreNames
    if (cut.length > 0 && store !== undefined) IDBDatabase.prototype.transaction.call(db, store)
    db.close()
  }
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It was committed a moment ago.
  }
}
