import type { FeedPage, FeedRow } from '#conversation/rows.ts'
import { Changes } from '#sync/changes.ts'
import type { Disk } from '#sync/disk.ts'
import type { Cancel } from '#sync/environment.ts'
import type { ReadMarkers } from '#sync/markers.ts'
import type { Outbox } from '#sync/outbox.ts'
import { Overlay } from '#sync/overlay.ts'
import type { InboxRows } from '#sync/port.ts'
import type { Connection } from '#sync/socket.ts'

export interface FeedOptions {
  disk: Disk
  connection: Connection
  outbox: Outbox
  markers: ReadMarkers
  /** A page is on the disk that may cast doubt on copies, or lets us in where one is in doubt. */
  doubtful(): void
}

type RowOf<Kind extends FeedRow['kind']> = Extract<FeedRow, { kind: Kind }>

/** The inbox's rows: followed from where the disk left off, with own entries and own reading laid over them. */
export class Feed {
  readonly #options: FeedOptions
  readonly #changes = new Changes()
  readonly #ends: Cancel[]
  readonly #rows: { [Kind in Exclude<FeedRow['kind'], 'gone' | 'marker'>]: Map<string, RowOf<Kind>> } = {
    conversation: new Map(),
    agent: new Map(),
    inbox: new Map(),
  }
  readonly #overlay = new Overlay()
  /** Every row up to this version is here; null: none has ever come. */
  #cursor: number | null = null
  /** What was asked for last, as long as nothing has come. */
  #asked: number | null = null
  #inbox: InboxRows | null = null

  private constructor(options: FeedOptions) {
    this.#options = options
    const { connection, markers, outbox } = options
    this.#ends = [
      connection.onFrame((frame) => frame.kind === 'rows' && this.#take(JSON.parse(frame.json) as FeedPage)),
      outbox.watch(() => this.#changed()),
      markers.watch(() => this.#changed()),
    ]
  }

  /** Reads the rows that the disk holds, and follows the relay from there. */
  static async start(options: FeedOptions): Promise<Feed> {
    const feed = new Feed(options)
    const { rows, cursor } = await options.disk.feed()
    for (const row of rows) feed.#put(row)
    feed.#cursor = cursor
    feed.#changed()
    feed.#ends.push(options.connection.onOpen(() => feed.#follow()))
    return feed
  }

  readonly subscribe = this.#changes.subscribe

  get inbox(): InboxRows {
    return (this.#inbox ??= this.#compute())
  }

  close(): void {
    for (const end of this.#ends) end()
    this.#changes.clear()
  }

  #follow(): void {
    this.#asked = this.#cursor ?? 0
    this.#options.connection.sendFrame({ kind: 'follow', cursor: this.#asked })
  }

  #take(page: FeedPage): void {
    // The server has gone back behind what this device holds (a restored backup), and so gives everything anew.
    const anew = page.anew === true || (this.#asked !== null && page.cursor < this.#asked)
    if (anew) this.#clear()
    const from = anew ? null : (this.#cursor ?? 0)
    this.#asked = null
    // A conversation that is listed anew may be one that a given-up copy waits for.
    const doubtful =
      anew || page.rows.some((row) => row.kind === 'conversation' && (row.erased !== undefined || !this.lists(row.id)))
    for (const row of page.rows) this.#put(row)
    this.#cursor = page.cursor
    const kept = this.#options.disk.putFeed({ rows: page.rows, cursor: page.cursor, from })
    if (doubtful) void kept.then(() => this.#options.doubtful())
    this.#changed()
  }

  /** Whether the relay lists this conversation for us. */
  lists(conversation: string): boolean {
    return this.#rows.conversation.has(conversation)
  }

  #clear(): void {
    for (const rows of Object.values(this.#rows)) rows.clear()
    this.#options.markers.unheard()
    this.#options.outbox.forgetAllStamps()
  }

  #put(row: FeedRow): void {
    const { markers } = this.#options
    switch (row.kind) {
      case 'gone':
        return row.of === 'marker' ? markers.unheard(row.id) : void this.#rows[row.of].delete(row.id)
      case 'conversation':
        return void this.#rows.conversation.set(row.id, row)
      case 'agent':
        return void this.#rows.agent.set(row.id, row)
      case 'inbox':
        return void this.#rows.inbox.set(row.id, row)
      case 'marker':
        return markers.heard(row)
    }
  }

  #changed(): void {
    this.#inbox = null
    this.#changes.tell()
  }

  #compute(): InboxRows {
    const { markers, outbox } = this.#options
    this.#overlay.set([...outbox.settled, ...outbox.rows])
    const conversations = [...this.#rows.conversation.values()].map((row) => {
      const summary = this.#overlay.over(row.summary)
      const unread = Math.max(0, summary.visitorMessages - markers.read(row.id))
      return { ...row, summary, unread, waiting: this.#overlay.waits(row.id) }
    })
    conversations.sort((a, b) => b.summary.activeAt - a.summary.activeAt)
    return {
      loaded: this.#cursor !== null,
      conversations,
      agents: new Map(this.#rows.agent),
      inboxes: new Map(this.#rows.inbox),
    }
  }
}
