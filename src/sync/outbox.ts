import type { Written } from '#conversation/commands.ts'
import { roomName } from '#conversation/rooms.ts'
import type { Named, Stamp } from '#conversation/summary.ts'
import { Changes } from '#sync/changes.ts'
import type { Disk, NewRow, OutboxRow } from '#sync/disk.ts'
import type { Cancel } from '#sync/environment.ts'
import type { Tabs } from '#sync/tabs.ts'

/** How many stamped rows are remembered: the feed's row and other tabs' documents follow a moment later. */
const REMEMBERED = 200

/** A row that has left the outbox: its entry is stored. */
export interface SettledRow extends OutboxRow {
  stamp: Stamp
}

/** An own entry as it stands in a ledger document. */
export interface OwnEntry {
  id: string
  text: string
  writtenAt: number
}

/** This principal's entries that are not stamped yet: on the disk, shared by all tabs, and here in memory. */
export class Outbox {
  readonly #disk: Disk
  readonly #tabs: Tabs
  readonly #changes = new Changes()
  readonly #unlisten: Cancel
  /** Rows that another tab has written: where nobody hands out the lock, that tab sends them. */
  readonly #foreign = new Set<string>()
  #rows: readonly OutboxRow[] = []
  #settled: readonly SettledRow[] = []
  /** One after the other: what is read back from the disk must not overtake what is being written. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(disk: Disk, tabs: Tabs) {
    this.#disk = disk
    this.#tabs = tabs
    this.#unlisten = tabs.onMessage((message) => {
      if (message.is === 'outbox') void this.#inTurn(() => this.#reload())
      else if (message.is === 'generation') void this.#inTurn(() => this.#startOver(message.room))
      else if (message.is === 'stamped')
        void this.#inTurn(async () => this.#settle(new Map(message.rows.map((each) => [each.id, each.stamp]))))
    })
  }

  readonly subscribe = this.#changes.subscribe
  readonly watch = this.#changes.watch

  /** Every row that is not stamped, in order of writing, refused ones included. */
  get rows(): readonly OutboxRow[] {
    return this.#rows
  }

  /** Rows stamped of late, with their stamps. */
  get settled(): readonly SettledRow[] {
    return this.#settled
  }

  /** Reads what an earlier session has left. */
  async load(): Promise<void> {
    this.#rows = await this.#disk.outbox()
  }

  /** Reads again what other tabs have left: one that died in mid-write has told nobody. */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#reload())
  }

  isForeign(id: string): boolean {
    return this.#foreign.has(id)
  }

  /** Commits an entry; when this resolves it is on the disk, and then on the screen. */
  add(written: Written, target: Named | null): Promise<void> {
    const { id, text, entry } = written
    const row = { ...PLAIN, id, room: roomName(written.room), text, writtenAt: entry.at, target }
    return this.#inTurn(() => this.#put(row))
  }

  /** Sends a refused entry again, as a new one; before it the `opened` without which it would be refused again. */
  async retry(id: string, newId: () => string): Promise<void> {
    const row = this.#refused(id)
    if (row === undefined) return
    const first = this.#rows.find((each) => each.room === row.room && each.refused !== null && isOpened(each))
    for (const each of new Set([first ?? row, row])) {
      const { order: _, ...rest } = each
      await this.#inTurn(() => this.#put({ ...rest, id: newId(), refused: null }, each.id))
    }
  }

  /** Lets go of a refused entry. */
  discard(id: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#refused(id) === undefined) return
      await this.#disk.removeRows([id])
      this.#changed(this.#rows.filter((each) => each.id !== id))
    })
  }

  /**
   * Keeps entries as refused. If the first entry of a conversation is among them, or `all` is said, nothing else that
   * waits for that room can go either.
   */
  refuse(room: string, entries: readonly OwnEntry[], reason: string, all?: 'all'): Promise<void> {
    return this.#inTurn(async () => {
      for (const { id, text, writtenAt } of entries) {
        if (!this.#rows.some((row) => row.id === id)) await this.#put({ ...PLAIN, id, room, text, writtenAt })
      }
      const ids = new Set(entries.map((each) => each.id))
      const first = entries.some(isOpened)
      // Out of reach is no answer about what was stored once: that goes again by itself when the room is back.
      const isMeant = (row: OutboxRow) =>
        row.room === room && row.refused === null && (ids.has(row.id) || first || (all === 'all' && !row.recovered))
      const refused = this.#rows.filter(isMeant).map((row) => ({ ...row, refused: reason, recovered: false }))
      if (refused.length === 0) return
      await this.#disk.changeRows(refused)
      this.#replace(refused)
    })
  }

  /** Moves a room to its next generation, with the entries of the old copy in safety. Resolves with the generation. */
  recover(room: string, from: number, own: readonly OwnEntry[]): Promise<number> {
    return this.#inTurn(async () => {
      const rows = own.map(({ id, text, writtenAt }) => ({ ...PLAIN, id, room, text, writtenAt, recovered: true }))
      const { generation, added } = await this.#disk.nextGeneration(room, from, rows)
      this.#forgetStamps(room)
      // Whoever wrote them may be gone: who takes them out of the old copy sends them.
      for (const { id } of added) this.#foreign.delete(id)
      const known = new Set(this.#rows.map((row) => row.id))
      const missing = added.filter((row) => !known.has(row.id))
      this.#changed([...this.#rows, ...missing].sort((a, b) => a.order - b.order))
      return generation
    })
  }

  /** Of the rows taken from a given-up copy, these turned out not to be stored: they wait like any other. */
  confirm(ids: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const rows = this.#rows.filter((row) => row.recovered && ids.includes(row.id))
      if (rows.length === 0) return
      const confirmed = rows.map((row) => ({ ...row, recovered: false }))
      await this.#disk.changeRows(confirmed)
      this.#replace(confirmed)
    })
  }

  /** Rows whose entries have a stamp in the document leave the outbox. */
  settle(room: string, stampOf: (entry: string) => Stamp | null): void {
    const stamps = new Map<string, Stamp>()
    for (const row of this.#rows) {
      const stamp = row.room === room ? stampOf(row.id) : null
      if (stamp !== null) stamps.set(row.id, stamp)
    }
    if (stamps.size === 0) return
    this.#settle(stamps)
    const rows = [...stamps].map(([id, stamp]) => ({ id, stamp }))
    void this.#inTurn(async () => {
      await this.#disk.settleRows(room, [...stamps.keys()])
      this.#tabs.tell({ is: 'stamped', rows })
    })
  }

  /** The relay's history is another one than it was: no stamp that was given counts any more. */
  forgetAllStamps(): void {
    this.#settled = []
    this.#changes.tell()
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    this.#unlisten()
    this.#changes.clear()
    await this.#queue
  }

  #refused(id: string): OutboxRow | undefined {
    return this.#rows.find((row) => row.id === id && row.refused !== null)
  }

  async #put(row: NewRow, instead?: string): Promise<void> {
    const placed = await this.#disk.addRow(row, instead)
    this.#changed([...this.#rows.filter((each) => each.id !== instead), placed])
  }

  #replace(changed: readonly OutboxRow[]): void {
    const byId = new Map(changed.map((row) => [row.id, row]))
    this.#changed(this.#rows.map((row) => byId.get(row.id) ?? row))
  }

  #settle(stamps: ReadonlyMap<string, Stamp>): void {
    const settled = this.#rows.flatMap((row) => {
      const stamp = stamps.get(row.id)
      return stamp === undefined ? [] : [{ ...row, stamp }]
    })
    if (settled.length === 0) return
    // Those of a given-up copy had been there all the time: perhaps in other words, if they were erased.
    const fresh = settled.filter((row) => !row.recovered)
    this.#settled = [...this.#settled, ...fresh].slice(-REMEMBERED)
    this.#rows = this.#rows.filter((row) => !stamps.has(row.id))
    this.#changes.tell()
  }

  /** Another tab has given a room's copy up, and put what was taken from it on the disk. */
  #startOver(room: string): Promise<void> {
    this.#forgetStamps(room)
    return this.#reload()
  }

  /** The stamps of a copy that was given up are not the fresh one's. */
  #forgetStamps(room: string): void {
    this.#settled = this.#settled.filter((row) => row.room !== room)
  }

  async #reload(): Promise<void> {
    // A disk in memory is this tab's alone, and may be younger than what the tab holds.
    if (this.#disk.storage === 'memory') return
    const rows = await this.#disk.outbox()
    const settled = new Set(this.#settled.map((row) => row.id))
    const known = new Set(this.#rows.map((row) => row.id))
    this.#rows = rows.filter((row) => !settled.has(row.id))
    for (const { id } of this.#rows) if (!known.has(id)) this.#foreign.add(id)
    this.#changes.tell()
  }

  #changed(rows: readonly OutboxRow[]): void {
    this.#rows = rows
    this.#changes.tell()
    this.#tabs.tell({ is: 'outbox' })
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(task)
    this.#queue = turn.catch(() => {})
    return turn
  }
}

/** Canonical text begins with the kind, as writers put it. */
const isOpened = ({ text }: Pick<OutboxRow, 'text'>) => text.startsWith('{"kind":"opened"')

const PLAIN = { target: null, refused: null, recovered: false } as const
