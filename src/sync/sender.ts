import { parseRoom } from '#conversation/rooms.ts'
import type { Documents } from '#sync/documents.ts'
import type { Disk, OutboxRow } from '#sync/disk.ts'
import type { Cancel, Environment } from '#sync/environment.ts'
import { groupBy } from '#sync/group.ts'
import type { Ledger } from '#sync/ledger.ts'
import type { Outbox } from '#sync/outbox.ts'
import { takeLock, type SendingLock } from '#sync/tabs.ts'

export interface SenderOptions {
  /** The lock's name: one per principal. */
  name: string
  locks: Environment['locks']
  disk: Pick<Disk, 'storage'>
  outbox: Outbox
  documents: Documents
}

/**
 * Carries the outbox into the documents: in the one tab that holds the lock, room by room, in order of writing, while
 * the room is synced. A room with waiting rows is kept open for it, even if nobody looks.
 */
export class Sender {
  readonly #disk: SenderOptions['disk']
  readonly #outbox: Outbox
  readonly #documents: Documents
  readonly #lock: SendingLock
  readonly #kept = new Map<string, Ledger>()
  readonly #unsubscribe: Cancel
  /** Whether what this tab holds is as fresh as the last holder left it. */
  #ready = false
  #closed = false

  constructor({ name, locks, disk, outbox, documents }: SenderOptions) {
    this.#disk = disk
    this.#outbox = outbox
    this.#documents = documents
    for (const ledger of documents.all) this.#watch(ledger)
    documents.onOpened((ledger) => this.#watch(ledger))
    this.#unsubscribe = outbox.subscribe(() => this.#pump())
    this.#lock = takeLock(name, locks, () => void this.#taken())
  }

  close(): void {
    this.#closed = true
    this.#unsubscribe()
    this.#lock.close()
    for (const ledger of this.#kept.values()) this.#documents.release(ledger)
    this.#kept.clear()
  }

  async #taken(): Promise<void> {
    // The tab that held it before may have sent, or kept on the disk, what this tab's documents do not know of yet.
    await Promise.all([this.#outbox.refresh(), ...this.#documents.all.map((ledger) => ledger.refresh())])
    this.#ready = true
    this.#pump()
  }

  #watch(ledger: Ledger): void {
    // Ends with the ledger.
    ledger.subscribe(() => this.#changed(ledger))
  }

  #changed(ledger: Ledger): void {
    if (this.#closed) return
    this.#settle(ledger)
    if (ledger.state === 'synced') this.#pump()
  }

  #pump(): void {
    if (this.#closed || !(this.#ready || this.#isAlone)) return
    const rooms = groupBy(
      this.#outbox.rows.filter((row) => this.#isMine(row)),
      (row) => row.room,
    )
    for (const [name, rows] of rooms) this.#send(name, rows)
    for (const [name, ledger] of [...this.#kept]) {
      if (rooms.has(name)) continue
      this.#kept.delete(name)
      this.#documents.release(ledger)
    }
  }

  /** This tab's rows are on no shared disk (any more): who holds the lock cannot send them. */
  get #isAlone(): boolean {
    return this.#disk.storage === 'memory'
  }

  #isMine(row: OutboxRow): boolean {
    const unguarded = this.#lock.unguarded || this.#isAlone
    return row.refused === null && !(unguarded && this.#outbox.isForeign(row.id))
  }

  #send(name: string, rows: readonly OutboxRow[]): void {
    const ledger = this.#keep(name)
    const gone = ledger?.goneBecause ?? null
    if (gone !== null) return void this.#outbox.refuse(name, [], gone, 'all')
    if (ledger?.state !== 'synced') return
    this.#settle(ledger)
    for (const row of rows) if (!ledger.holds(row.id)) ledger.append(row.id, row.text)
    const recovered = rows.filter((row) => row.recovered && ledger.storedStamp(row.id) === null)
    if (recovered.length > 0) void this.#outbox.confirm(recovered.map((row) => row.id))
  }

  #settle(ledger: Ledger): void {
    this.#outbox.settle(ledger.name, (entry) => ledger.storedStamp(entry))
  }

  #keep(name: string): Ledger | null {
    const kept = this.#kept.get(name)
    if (kept !== undefined) return kept
    const room = parseRoom(name)
    if (room === null) return null
    const ledger = this.#documents.acquire(room)
    this.#kept.set(name, ledger)
    return ledger
  }
}
