import type { Bus } from '#server/bus/port.ts'
import type { Reached } from '#server/crash-points.ts'
import type { Append, AppendResult, Commit, LedgerStore } from '#server/store/port.ts'
import { FLUSH_ENTRIES, FLUSH_MS, MAX_QUEUED } from './limits.ts'
import type { Log } from './port.ts'

/**
 * Commit, then tell. Accepted updates of all rooms wait here for the next flush, which is one transaction; nobody is
 * told of an entry before it is on the disk. One flush at a time, in the order of arrival; an update is never split.
 */

/** An update that waits. */
export interface Queued {
  append: Append
  /** The room's name. */
  room: string
  /** Called once with the store's answer. */
  settle(result: AppendResult): void
  /** Called instead of `settle` if the flush failed: nobody knows whether it was stored. */
  fail?(error: Error): void
}

export interface QueueOptions {
  store: Pick<LedgerStore, 'append'>
  bus: Bus
  now(): number
  log: Log
  /** All of a room's part in the flush has been settled. */
  told(room: string): void
  /** The flush failed for these rooms. */
  failed(rooms: ReadonlySet<string>): void
  /** Jobs were written. */
  onJobs(): void
  reached: Reached
}

export class Queue {
  readonly #options: QueueOptions
  #waiting: Queued[] = []
  #entries = 0
  #timer: ReturnType<typeof setTimeout> | null = null
  #flushing: Promise<void> | null = null
  #roomLeft = Promise.withResolvers<void>()

  constructor(options: QueueOptions) {
    this.#options = options
    this.#roomLeft.resolve()
  }

  /** Whether more may be pushed. */
  get hasSpace(): boolean {
    return this.#entries < MAX_QUEUED
  }

  /** Resolves when more may be pushed: at once, unless the store is slower than the rooms. */
  get space(): Promise<void> {
    return this.#roomLeft.promise
  }

  push(queued: Queued): void {
    this.#waiting.push(queued)
    this.#count(queued.append.entries.length)
    if (this.#flushing !== null) return
    if (this.#entries >= FLUSH_ENTRIES) this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), FLUSH_MS)
  }

  /** Stores everything that waits. */
  async drain(): Promise<void> {
    while (this.#flushing !== null || this.#waiting.length > 0) {
      this.#start()
      await this.#flushing
    }
  }

  #start(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#flushing !== null || this.#waiting.length === 0) return
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = null
      // What came in meanwhile has waited long enough.
      this.#start()
    })
  }

  async #flush(): Promise<void> {
    const batch = this.#take()
    const appends = batch.map(({ append }) => append)
    let commit: Commit
    try {
      commit = await this.#options.store.append(appends, this.#options.now())
    } catch (error) {
      this.#failed(batch, error instanceof Error ? error : new Error(String(error)))
      return
    }
    this.#options.reached('after-commit')
    this.#tell(batch, commit)
  }

  #tell(batch: Queued[], commit: Commit): void {
    const rooms = new Set<string>()
    batch.forEach((queued, i) => {
      const result = commit.results[i] ?? { status: 'refused', reason: 'the store gave no answer' }
      rooms.add(queued.room)
      this.#safely(() => queued.settle(result))
    })
    for (const room of rooms) {
      this.#safely(() => this.#options.told(room))
      this.#options.reached('after-frame')
    }
    if (commit.rows.length > 0) this.#safely(() => this.#options.bus.publish({ type: 'rows', rows: commit.rows }))
    if (commit.jobs) this.#safely(() => this.#options.onJobs())
  }

  /** What still waits for the same rooms builds on what failed, so it fails too. */
  #failed(batch: Queued[], error: Error): void {
    this.#options.log.error({ error: error.message, updates: batch.length }, 'the store failed to append')
    const rooms = new Set(batch.map(({ room }) => room))
    const late = this.#waiting.filter(({ room }) => rooms.has(room))
    this.#waiting = this.#waiting.filter(({ room }) => !rooms.has(room))
    for (const { append } of late) this.#count(-append.entries.length)
    for (const queued of [...batch, ...late]) this.#safely(() => queued.fail?.(error))
    this.#safely(() => this.#options.failed(rooms))
  }

  #take(): Queued[] {
    let entries = 0
    const fits = this.#waiting.findIndex(({ append }) => (entries += append.entries.length) >= FLUSH_ENTRIES)
    const batch = this.#waiting.splice(0, fits === -1 ? this.#waiting.length : fits + 1)
    for (const { append } of batch) this.#count(-append.entries.length)
    return batch
  }

  #count(change: number): void {
    const before = this.#entries
    this.#entries += change
    if (before < MAX_QUEUED && this.#entries >= MAX_QUEUED) this.#roomLeft = Promise.withResolvers<void>()
    else if (before >= MAX_QUEUED && this.#entries < MAX_QUEUED) this.#roomLeft.resolve()
  }

  #safely(tell: () => void): void {
    try {
      tell()
    } catch (error) {
      this.#options.log.error({ error: String(error) }, 'a room failed')
    }
  }
}
