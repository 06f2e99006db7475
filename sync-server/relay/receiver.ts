import type { Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import { CloseCode } from '#conversation/wire.ts'
import type { Append, NewEntry, Store } from '#server/store/port.ts'
import { catchUp } from './catch-up.ts'
import { passGate, readVector } from './gate.ts'
import type { Hot } from './hot.ts'
import type { Objection } from './judge.ts'
import type { Member, Members } from './members.ts'
import { EMPTY_UPDATE, readMessage, step1, step2, update, type Message } from './message.ts'

export interface ReceiverOptions {
  room: Room
  store: Pick<Store, 'entries' | 'idsAt'>
  hot: Hot
  members: Members
  /** Whether the queue takes more, and a promise of when it does. */
  hasSpace(): boolean
  space(): Promise<void>
  /** Queues an update; its answer comes back to the room. */
  push(append: Append, from: Member): void
}

/** What a room does with what its members say: one message of y-websocket at a time. */
export class Receiver {
  readonly #options: ReceiverOptions

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  /** Handles one message; null: it is done. May throw or reject: then the room is of no use any more. */
  receive(member: Member, bytes: Uint8Array): Promise<void> | null {
    const message = readMessage(bytes)
    if (!this.#in(member)) return null
    if (message !== null) return this.#handle(member, message)
    this.#options.members.expel(member, CloseCode.Malformed, 'not a y-websocket message')
    return null
  }

  /** Tells a member what is wrong with what it sent, if it is still there. */
  object(member: Member, verdict: Objection): void {
    if (!this.#in(member)) return
    if (verdict.verdict === 'refuse') this.#options.members.expel(member, verdict.code, verdict.reason)
    else this.#ask(member)
  }

  /**
   * The update of somebody who has left was refused: whoever is back with the same copy was told that it is here, and
   * has to hear otherwise.
   */
  askAgain(principal: Principal): void {
    for (const member of this.#options.members) if (member.speaker.caller.principal === principal) this.#ask(member)
  }

  #handle(member: Member, message: Message): Promise<void> | null {
    switch (message.type) {
      case 'vector':
        return this.#answer(member, message.vector)
      case 'update':
        return this.#take(member, message.update)
      case 'awareness':
        return this.#hear(member, message.states)
      case 'query-awareness':
        this.#options.members.introduce(member)
        return null
    }
  }

  /** Sync step 1 of a device: what it lacks, and from now on what comes. */
  async #answer(member: Member, bytes: Uint8Array): Promise<void> {
    const { room, store, hot } = this.#options
    const { ledger } = await hot.load()
    const vector = readVector(bytes, ledger)
    if (!(vector instanceof Map)) return this.object(member, vector)
    const stale = await catchUp(store, room, ledger, vector, (updates) => {
      if (!this.#in(member)) return
      const only = updates.length === 1 ? updates[0] : undefined
      if (only === undefined) for (const each of updates) member.peer.send(update(each))
      member.peer.send(step2(only ?? EMPTY_UPDATE))
      member.synced = true
    })
    if (stale !== null) this.object(member, { verdict: 'refuse', code: CloseCode.StaleDocument, reason: stale })
  }

  #take(member: Member, bytes: Uint8Array): Promise<void> | null {
    const { room, store, hot, hasSpace } = this.#options
    if (hot.loaded === null || !hasSpace()) return this.#takeLater(member, bytes)
    return passGate(bytes, {
      room,
      ledger: hot.loaded.ledger,
      store,
      speaker: member.speaker,
      decide: (verdict) => {
        if (!this.#in(member)) return
        if (verdict.verdict === 'take') this.#enqueue(member, verdict.entries)
        else this.object(member, verdict)
      },
    })
  }

  async #takeLater(member: Member, bytes: Uint8Array): Promise<void> {
    await this.#options.hot.load()
    await this.#options.space()
    await this.#take(member, bytes)
  }

  #enqueue(member: Member, entries: NewEntry[]): void {
    if (entries.length === 0) return
    const { room, hot, push } = this.#options
    const { principal, asker } = member.speaker.caller
    const append: Append = { room, principal, asker, entries }
    hot.loaded?.ledger.enqueue(append)
    push(append, member)
  }

  async #hear(member: Member, states: Uint8Array): Promise<void> {
    const { hot, members } = this.#options
    const seen = members.hear(member, states)
    // A thread that does not exist holds nothing that could have been seen.
    const { ledger, markers } = await hot.load()
    if (seen !== null && ledger.head !== null) await markers.move(member.speaker.caller.principal, seen)
  }

  /** Asks a member what it has that is not here. */
  #ask(member: Member): void {
    const { loaded } = this.#options.hot
    if (loaded !== null) member.peer.send(step1(loaded.ledger.vector()))
  }

  /** A room that is over has no members. */
  #in(member: Member): boolean {
    return this.#options.members.has(member)
  }
}
