import type { Principal } from '#conversation/ids.ts'
import type { FeedPage, FeedRow } from '#conversation/rows.ts'
import { CloseCode, encodeFrame } from '#conversation/wire.ts'
import type { FeedStore } from '#server/store/port.ts'
import type { Connection } from './connection.ts'
import { FEED_MS, FEED_PAGE } from './limits.ts'
import type { Log } from './port.ts'

/**
 * The feed of one socket. News on the bus say that there is something to read; what is sent is always a page that the
 * store gave, from the cursor on. So a row can neither be skipped nor come out of turn, whatever order news arrive in,
 * and what an agent may see is decided in one place. The subscription (relay.ts) is there before the first page.
 */
export class Feed {
  readonly #connection: Connection
  readonly #store: Pick<FeedStore, 'feed'>
  readonly #log: Log
  #state: 'idle' | 'reading' | 'live' | 'over' = 'idle'
  #cursor = 0
  /** The store has, or may have, more than what was sent. */
  #behind = false
  /** The device has asked, and waits for a page even if there is nothing in it. */
  #asked = false
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(connection: Connection, store: Pick<FeedStore, 'feed'>, log: Log) {
    this.#connection = connection
    this.#store = store
    this.#log = log
  }

  /** Sends everything since the cursor, then what comes. Asking again starts again from there. */
  follow(cursor: number): void {
    if (this.#state === 'over') return
    this.#cursor = cursor
    this.#behind = true
    this.#asked = true
    if (this.#state !== 'reading') void this.#read()
  }

  /** Rows changed. `only`: one principal's own. No rows: what this agent may see has changed. */
  news(rows: FeedRow[], only: Principal | undefined): void {
    if (this.#state === 'idle' || this.#state === 'over') return
    if (only !== undefined && only !== this.#connection.caller.principal) return
    if (rows.length > 0 && !rows.some((row) => this.#concerns(row))) return
    this.#behind = true
    // Under load, news of a moment are read together.
    if (this.#state === 'live') this.#timer ??= setTimeout(() => void this.#read(), FEED_MS)
  }

  end(): void {
    this.#state = 'over'
    this.#stop()
  }

  async #read(): Promise<void> {
    this.#stop()
    this.#state = 'reading'
    try {
      while (this.#behind) {
        await this.#connection.writable()
        this.#behind = false
        const cursor = this.#cursor
        const page = await this.#store.feed(this.#connection.caller.principal, cursor, FEED_PAGE)
        if (this.#over()) return
        // Followed again while this page was read: it is not the one that was asked for.
        if (this.#cursor !== cursor) continue
        this.#send(page)
      }
      this.#state = 'live'
    } catch (error) {
      this.#log.error({ error: String(error) }, 'the feed failed')
      this.#connection.close(CloseCode.TryAgain, 'try again')
    }
  }

  #send(page: FeedPage): void {
    this.#cursor = page.cursor
    if (page.more) this.#behind = true
    if (page.rows.length === 0 && !this.#asked) return
    this.#asked = false
    this.#connection.send(encodeFrame({ kind: 'rows', json: JSON.stringify(page) }))
  }

  #over(): boolean {
    return this.#state === 'over'
  }

  #concerns(row: FeedRow): boolean {
    const { asker } = this.#connection.caller
    if (asker.role !== 'agent') return false
    if (row.kind === 'conversation') return asker.admin || asker.inboxes.has(row.summary.inbox)
    if (row.kind === 'inbox') return asker.admin || asker.inboxes.has(row.id)
    return true
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
