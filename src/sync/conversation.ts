import type { Author, Written } from '#conversation/commands.ts'
import { isMessage } from '#conversation/erasure.ts'
import { fold } from '#conversation/fold.ts'
import { createUlid, roleOf } from '#conversation/ids.ts'
import { parseRoom, roomName } from '#conversation/rooms.ts'
import { targetOf, type Named } from '#conversation/summary.ts'
import type { ConversationView, FoldEntry, TimelineItem } from '#conversation/view.ts'
import { Changes } from '#sync/changes.ts'
import type { Documents } from '#sync/documents.ts'
import type { OutboxRow } from '#sync/disk.ts'
import type { Cancel, Environment } from '#sync/environment.ts'
import type { Ledger } from '#sync/ledger.ts'
import type { ReadMarkers } from '#sync/markers.ts'
import type { Outbox, SettledRow } from '#sync/outbox.ts'
import type { OpenConversation, Writers } from '#sync/port.ts'
import { peersIn, seenIn } from '#sync/presence.ts'
import { Typing, type TypingIn } from '#sync/typing.ts'
import { createWriters } from '#sync/writers.ts'

export interface TalkOptions {
  id: string
  author: Author
  documents: Documents
  outbox: Outbox
  markers: ReadMarkers
  environment: Environment
  /** Called by each `close`. */
  released(): void
}

/** A conversation that somebody looks at: its documents, the outbox over them, and who else is there. */
export class JoinedConversation implements OpenConversation {
  readonly id: string
  readonly write: Writers
  readonly #options: TalkOptions
  readonly #changes = new Changes()
  readonly #thread: Ledger
  /** Null for visitors. */
  readonly #team: Ledger | null
  readonly #ends: Cancel[]
  readonly #typing: Typing
  #view: ConversationView | null = null
  /** Whether both ledgers have been read. */
  #whole = false
  #rows: readonly (OutboxRow | SettledRow)[] | null = null

  constructor(options: TalkOptions) {
    const { author, documents, environment, id, outbox } = options
    this.#options = options
    this.id = id
    // The team's first: when the thread arrives, what stands between its messages is there, and nothing moves.
    this.#team = roleOf(author.by) === 'visitor' ? null : documents.acquire({ kind: 'team', conversation: id })
    this.#thread = documents.acquire({ kind: 'thread', conversation: id })
    this.#ends = [
      ...this.#ledgers.flatMap((ledger) => [
        ledger.watch(() => this.#changed()),
        ledger.subscribePresence(() => this.#changes.tell()),
      ]),
      outbox.watch(() => this.#rowsChanged()),
    ]
    this.#typing = new Typing(environment, (typing) => this.#tellTyping(typing))
    this.write = createWriters(
      () => author,
      () => ({ id, view: this.view }),
      (written) => outbox.add(written, this.#targetOf(written)),
    )
  }

  readonly subscribe = this.#changes.subscribe

  get view(): ConversationView {
    return (this.#view ??= fold(this.#entries()))
  }

  get state(): OpenConversation['state'] {
    const { state } = this.#thread
    if (state === 'gone') return state
    if (state === 'synced' && (this.#team === null || this.#team.state === 'synced')) return 'synced'
    return this.#thread.reading.stamped.length === 0 && this.#own().length === 0 ? 'loading' : 'offline'
  }

  get peers() {
    return peersIn(this.#ledgers, this.#options.author.by)
  }

  get seen() {
    return seenIn(this.#thread, this.#options.author.by)
  }

  setTyping(typing: TypingIn): void {
    this.#typing.set(typing)
  }

  markSeen(entry: string): void {
    const last = this.#lastStamped(entry)
    if (last === null) return
    const { index } = last
    const isRead = (each: FoldEntry) =>
      isMessage(each.entry) && roleOf(each.entry.by) === 'visitor' && (each.stamp?.index ?? Infinity) <= index
    const read = this.#thread.reading.stamped.filter(isRead).length
    const placeOf = (id: string) => this.#thread.stampOf(id)?.index ?? null
    this.#options.markers.move({ conversation: this.id, entry: last.id, index, read }, placeOf)
    this.#thread.setPresence({ seen: last.id })
  }

  retry(entry: string): Promise<void> {
    return this.#options.outbox.retry(entry, () => createUlid(this.#options.author.ids))
  }

  discard(entry: string): Promise<void> {
    return this.#options.outbox.discard(entry)
  }

  close(): void {
    this.#options.released()
  }

  /** Leaves for good. */
  leave(): void {
    for (const end of this.#ends) end()
    this.#typing.close()
    this.#changes.clear()
    for (const ledger of this.#ledgers) {
      ledger.setPresence({ typing: null, seen: null })
      this.#options.documents.release(ledger)
    }
  }

  get #ledgers(): Ledger[] {
    return this.#team === null ? [this.#thread] : [this.#thread, this.#team]
  }

  #changed(): void {
    this.#view = null
    this.#changes.tell()
  }

  /** The outbox holds every conversation's rows: only a change of this one's is news. */
  #rowsChanged(): void {
    const before = this.#rows
    this.#rows = null
    const now = this.#own()
    if (before?.length === now.length && before.every((row, index) => row === now[index])) return
    this.#changed()
  }

  #own(): readonly (OutboxRow | SettledRow)[] {
    const { outbox } = this.#options
    const isOurs = (row: OutboxRow) => parseRoom(row.room)?.conversation === this.id
    return (this.#rows ??= [...outbox.settled, ...outbox.rows].filter(isOurs))
  }

  #entries(): FoldEntry[] {
    const rows = this.#own()
    const inOutbox = new Set(rows.map((row) => row.id))
    // Half a conversation is not shown while the other half is read from the disk; what was shown stays.
    this.#whole ||= this.#team === null || this.#team.state !== 'loading'
    const readings = this.#whole ? this.#ledgers.map((ledger) => ledger.reading) : []
    return [
      ...readings.flatMap((reading) => reading.unstamped.filter((each) => !inOutbox.has(each.id))),
      ...rows.flatMap((row) => this.#entryOf(row)),
      // Last, so that the document has the last word: what was erased stays erased.
      ...readings.flatMap((reading) => reading.stamped),
    ]
  }

  #entryOf(row: OutboxRow | SettledRow): FoldEntry[] {
    const ledger = this.#ledgers.find((each) => each.name === row.room)
    const entry = ledger?.parse(row.id, row.text) ?? null
    if (ledger === undefined || entry === null) return []
    const stamp = 'stamp' in row ? row.stamp : null
    return [{ ledger: ledger.room.kind, id: row.id, entry, stamp, refused: row.refused }]
  }

  #targetOf(written: Written): Named | null {
    const id = targetOf(written.entry)
    if (id === null || roomName(written.room) !== this.#thread.name) return null
    const target = this.#thread.reading.stamped.find((each) => each.id === id)
    if (target === undefined || target.stamp === null || target.entry.kind === 'unknown') return null
    const { kind, by } = target.entry
    return { id, ledger: 'thread', entry: { kind, by }, stamp: target.stamp }
  }

  /** The last stamped entry of the thread, at or before an item of the timeline. */
  #lastStamped(item: string): { id: string; index: number } | null {
    const { timeline } = this.view
    for (let i = timeline.findIndex((each: TimelineItem) => each.id === item); i >= 0; i--) {
      const id = timeline[i]?.id ?? ''
      const stamp = this.#thread.stampOf(id)
      if (stamp !== null) return { id, index: stamp.index }
    }
    return null
  }

  #tellTyping(typing: TypingIn): void {
    // The visitor is in the thread: what an agent writes to agents is told in the team alone.
    this.#thread.setPresence({ typing: typing === 'reply' ? 'reply' : null })
    this.#team?.setPresence({ typing: typing === 'comment' ? 'comment' : null })
  }
}
