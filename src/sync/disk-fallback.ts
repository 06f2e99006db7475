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

class FallbackDisk implements Disk {
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

  outbox: Disk['outbox'] = () => this.#run((disk) => disk.outbox())
  addRow: Disk['addRow'] = (row, instead) => this.#run((disk) => disk.addRow(row, instead))
  changeRows: Disk['changeRows'] = (rows) => this.#run((disk) => disk.changeRows(rows))
  removeRows: Disk['removeRows'] = (ids) => this.#run((disk) => disk.removeRows(ids))
  settleRows: Disk['settleRows'] = (room, ids) => this.#run((disk) => disk.settleRows(room, ids))
  generation: Disk['generation'] = (room) => this.#run((disk) => disk.generation(room))
  nextGeneration: Disk['nextGeneration'] = (...args) => this.#run((disk) => disk.nextGeneration(...args))
  suspects: Disk['suspects'] = () => this.#run((disk) => disk.suspects())
  cleared: Disk['cleared'] = (room) => this.#run((disk) => disk.cleared(room))
  oldCopies: Disk['oldCopies'] = () => this.#run((disk) => disk.oldCopies())
  forgetCopies: Disk['forgetCopies'] = (...args) => this.#run((disk) => disk.forgetCopies(...args))
  allCopies: Disk['allCopies'] = () => this.#run((disk) => disk.allCopies())
  feed: Disk['feed'] = () => this.#run((disk) => disk.feed())
  putFeed: Disk['putFeed'] = (step) => this.#run((disk) => disk.putFeed(step))
  markers: Disk['markers'] = () => this.#run((disk) => disk.markers())
  putMarker: Disk['putMarker'] = (marker) => this.#run((disk) => disk.putMarker(marker))
  removeMarker: Disk['removeMarker'] = (conversation) => this.#run((disk) => disk.removeMarker(conversation))
  wipe: Disk['wipe'] = () => this.#disk.wipe()

  close(): void {
    this.#disk.close()
  }

  async #run<T>(action: (disk: Disk) => Promise<T>): Promise<T> {
    const disk = this.#disk
    try {
      return await action(disk)
    } catch (error) {
      if (disk.storage === 'memory') throw error
      this.fallBack()
      return action(this.#disk)
    }
  }
}
