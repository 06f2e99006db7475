import { createMemoryDisk } from '#sync/disk-memory.ts'
import { openIndexedDisk } from '#sync/disk-indexeddb.ts'
import type { Disk } from '#sync/disk.ts'
import type { Environment } from '#sync/environment.ts'

/** How long a browser may take to open a database, in ms: some never answer in private mode. */
const OPEN_WITHIN = 5_000

/**
 * Opens a principal's disk; falls back to memory if the browser keeps nothing, now or later (full, taken away). What
 * is in use then lives on in the memory of those who use it, so the disk that follows starts empty.
 *
 * @param lost called once, when the disk falls back after it was open
 */
export async function openDisk(name: string, environment: Environment, lost: () => void): Promise<Disk> {
  if (environment.indexedDB === null) return createMemoryDisk()
  let fallBack = () => {}
  const opening = openIndexedDisk(name, () => fallBack())
  const disk = await within(environment, opening)
  if (disk === null) return createMemoryDisk()
  const safe = new FallbackDisk(disk, lost)
  fallBack = () => safe.fallBack()
  return safe
}

async function within({ after }: Environment, opening: Promise<Disk>): Promise<Disk | null> {
  return new Promise((resolve) => {
    const cancel = after(OPEN_WITHIN, () => {
      resolve(null)
      opening.then((late) => late.close()).catch(() => {})
    })
    opening.then(resolve, () => resolve(null)).finally(cancel)
  })
}

/** What goes on in memory where the disk fails. */
type Forwarded = Exclude<keyof Disk, 'storage' | 'close' | 'wipe'>

class FallbackDisk implements Disk {
  // The first field: those after it are made of it.
  #disk: Disk
  readonly #lost: () => void

  constructor(disk: Disk, lost: () => void) {
    this.#disk = disk
    this.#lost = lost
  }

  get storage(): 'kept' | 'memory' {
    return this.#disk.storage
  }

  fallBack(): void {
    if (this.#disk.storage === 'memory') return
    this.#disk.close()
    this.#disk = createMemoryDisk()
    this.#lost()
  }

  outbox = this.#forward('outbox')
  addRow = this.#forward('addRow')
  changeRows = this.#forward('changeRows')
  removeRows = this.#forward('removeRows')
  settleRows = this.#forward('settleRows')
  generation = this.#forward('generation')
  nextGeneration = this.#forward('nextGeneration')
  suspects = this.#forward('suspects')
  cleared = this.#forward('cleared')
  oldCopies = this.#forward('oldCopies')
  forgetCopies = this.#forward('forgetCopies')
  allCopies = this.#forward('allCopies')
  feed = this.#forward('feed')
  putFeed = this.#forward('putFeed')
  markers = this.#forward('markers')
  putMarker = this.#forward('putMarker')
  removeMarker = this.#forward('removeMarker')
  wipe: Disk['wipe'] = () => this.#disk.wipe()

  close(): void {
    this.#disk.close()
  }

  /** The disk's method; where the disk fails, the one of the memory that follows. */
  #forward<Name extends Forwarded>(name: Name): Disk[Name] {
    const call = (...args: unknown[]) => (this.#disk[name] as (...args: unknown[]) => Promise<unknown>)(...args)
    const forward = async (...args: unknown[]) => {
      const disk = this.#disk
      try {
        return await call(...args)
      } catch (error) {
        if (disk.storage === 'memory') throw error
        this.fallBack()
        return call(...args)
      }
    }
    return forward as Disk[Name]
  }
}
