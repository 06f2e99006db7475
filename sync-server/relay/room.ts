import type { Room } from '#conversation/rooms.ts'
import type { Bus } from '#server/bus/port.ts'
import type { Append, AppendResult, Store, StoredEntry } from '#server/store/port.ts'
import { refusalOf, TRY_AGAIN, type Refusal } from './door.ts'
import { encodeRows } from './encode.ts'
import { objectionTo } from './judge.ts'
import { Hot } from './hot.ts'
import type { Ledger } from './ledger.ts'
import { Members, type Member, type Speaker } from './members.ts'
import { step1, update } from './message.ts'
import type { Log, Peer } from './port.ts'
import { Receiver } from './receiver.ts'

export interface RoomOptions {
  name: string
  room: Room
  store: Pick<Store, 'head' | 'entries' | 'idsAt' | 'markers' | 'markSeen'>
  bus: Bus
  /** Whether the queue takes more, and a promise of when it does. */
  hasSpace(): boolean
  space(): Promise<void>
  /** Queues an update; its answer comes back through `settle`. */
  push(append: Append, from: Member): void
  now(): number
  random(): number
  log: Log
  /** The room is empty, or of no use any more: forget it. */
  over(): void
}

/**
 * A ledger document's room: its peers, and a head of the ledger. It holds no document; what a device lacks is read
 * from the store. Loading is one awaited state, and a peer's messages are handled in order.
 */
export class LedgerRoom {
  readonly #options: RoomOptions
  readonly #members: Members
  readonly #hot: Hot
  readonly #receiver: Receiver
  /** Joins under way: they keep the room, too. */
  #joining = 0
  /** Rows of the flush that is being settled, and the refusals that follow them. */
  #rows: StoredEntry[] = []
  #after: (() => void)[] = []
  #state: 'open' | 'over' = 'open'

  constructor(options: RoomOptions) {
    this.#options = options
    this.#members = new Members(options.random)
    this.#hot = new Hot({ ...options, moved: () => this.#members.markersMoved() })
    this.#receiver = new Receiver({ ...options, hot: this.#hot, members: this.#members })
  }

  /** Lets a peer in, and asks what it has. Null: it has been closed. */
  async join(peer: Peer, speaker: Speaker): Promise<Member | null> {
    this.#joining++
    try {
      const { ledger, markers } = await this.#hot.load()
      const member = this.#members.create(peer, speaker)
      const refusal = this.#state === 'open' ? this.#refusal(speaker, ledger) : TRY_AGAIN
      if (refusal !== null) {
        peer.close(...refusal)
        return null
      }
      this.#members.enter(member, markers)
      peer.send(step1(ledger.vector()))
      this.#members.introduce(member)
      return member
    } catch (error) {
      this.#broken(error)
      peer.close(...TRY_AGAIN)
      return null
    } finally {
      this.#joining--
      this.#maybeOver()
    }
  }

  leave(member: Member): void {
    this.#members.leave(member)
    this.#maybeOver()
  }

  /**
   * Handles one message; null: it is done. To be called for a peer's messages in their order, each after the one before
   * is done. Never throws or rejects.
   */
  receive(member: Member, bytes: Uint8Array): Promise<void> | null {
    try {
      const pending = this.#receiver.receive(member, bytes)
      if (pending !== null) return this.#finish(pending)
    } catch (error) {
      this.#broken(error)
    }
    this.#maybeOver()
    return null
  }

  async #finish(pending: Promise<void>): Promise<void> {
    try {
      await pending
    } catch (error) {
      this.#broken(error)
    } finally {
      this.#maybeOver()
    }
  }

  /** Somebody has read up to an entry, as a `seen` frame tells. False: not theirs to read. */
  async seen(speaker: Speaker, entry: string): Promise<boolean> {
    this.#joining++
    try {
      const { ledger, markers } = await this.#hot.load()
      if (ledger.head === null || this.#refusal(speaker, ledger) !== null) return false
      await markers.move(speaker.caller.principal, entry)
      return true
    } finally {
      this.#joining--
      this.#maybeOver()
    }
  }

  /** Who may be in here, or what somebody may reach, has changed: looks at everybody again. */
  recheck(): void {
    if (this.#hot.loaded === null) return
    for (const member of this.#members) {
      const refusal = this.#refusal(member.speaker, this.#hot.loaded.ledger)
      if (refusal !== null) this.#members.expel(member, ...refusal)
    }
    this.#maybeOver()
  }

  renew(): void {
    this.#members.renew()
  }

  /** Ends the room: its peers try again, and a new room loads from the store. */
  close(code: number, reason: string): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#members.expelAll(code, reason)
    this.#options.over()
  }

  /** Takes the store's answer to an update of this room; `from` is who sent it, null for the server. */
  settle(append: Append, result: AppendResult, from: Member | null): void {
    const rows = this.#hot.settle(append, result)
    if (rows === 'gap') return this.close(...TRY_AGAIN)
    this.#rows.push(...rows)
    const answer = from === null ? null : objectionTo(result)
    if (from !== null && answer !== null) {
      this.#after.push(() =>
        this.#members.has(from) ? this.#receiver.object(from, answer) : this.#receiver.askAgain(append.principal),
      )
    }
    // Whoever else waited in a thread that did not exist is a stranger now that it does.
    if (rows[0]?.seq === 0) this.recheck()
  }

  /** After a flush: one frame with what was stored and its stamps, to everybody; then the refusals. */
  tell(): void {
    const rows = this.#rows
    const after = this.#after
    this.#rows = []
    this.#after = []
    if (this.#hot.loaded !== null && rows.length > 0) {
      const frame = update(encodeRows(this.#hot.loaded.ledger.spans, rows))
      for (const member of this.#members) if (member.synced) member.peer.send(frame)
    }
    for (const each of after) each()
    this.#maybeOver()
  }

  #refusal({ caller }: Speaker, { conversation }: Ledger): Refusal | null {
    return refusalOf(this.#options.room, caller, conversation)
  }

  #broken(error: unknown): void {
    this.#options.log.error({ room: this.#options.name, error: String(error) }, 'a room failed')
    this.close(...TRY_AGAIN)
  }

  #maybeOver(): void {
    const settled = this.#hot.loaded?.ledger.settled ?? true
    if (this.#state === 'over' || this.#members.size > 0 || this.#joining > 0 || !settled) return
    this.#state = 'over'
    this.#options.over()
  }
}
