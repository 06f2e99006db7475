import * as commands from '#conversation/commands.ts'
import type { Entry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import { createUlid, type Ids, type Principal } from '#conversation/ids.ts'
import type { ConversationView, FoldEntry } from '#conversation/view.ts'
import type { PeerPresence } from '#conversation/wire.ts'
import type { ConnectionState, Device, OpenConversation, Writers } from '#sync/port.ts'
import { body } from '../../support/conversations.ts'

/**
 * A visitor's device without a disk and a relay: the real writers and the real fold, and a test that says when entries
 * are stamped.
 */
export class FakeDevice implements Device {
  readonly principal: Principal
  readonly inbox = { loaded: false, conversations: [], agents: new Map(), inboxes: new Map() }
  readonly talks = new Map<string, FakeTalk>()
  connection: ConnectionState = { state: 'live', waiting: 0, refused: 0, storage: 'kept', retryAt: null }
  closed = false
  readonly #ids: Ids
  readonly #listeners = new Set<() => void>()

  constructor(principal: Principal, ids: Ids) {
    this.principal = principal
    this.#ids = ids
  }

  subscribeConnection = (listener: () => void) => listen(this.#listeners, listener)
  subscribeInbox = () => () => {}
  tryNow() {}

  open(id: string): FakeTalk {
    const talk = this.talks.get(id) ?? new FakeTalk(id, this.principal, this.#ids)
    this.talks.set(id, talk)
    talk.opened++
    return talk
  }

  connect(state: ConnectionState['state'], waiting = 0): void {
    this.connection = { ...this.connection, state, waiting }
    for (const listener of this.#listeners) listener()
  }

  async close() {
    this.closed = true
  }
  wiped = false
  async wipe() {
    this.wiped = true
  }
}

export class FakeTalk implements OpenConversation {
  readonly id: string
  state: OpenConversation['state'] = 'synced'
  peers: PeerPresence[] = []
  seen: Record<string, string> = {}
  /** How many have it open. */
  opened = 0
  typing: 'reply' | 'comment' | null = null
  readonly marked: string[] = []
  readonly write: Writers
  readonly #ids: Ids
  readonly #listeners = new Set<() => void>()
  #entries: FoldEntry[] = []
  #at = 1_760_000_000_000

  constructor(id: string, by: Principal, ids: Ids) {
    this.id = id
    this.#ids = ids
    const author = { by, asker: { role: 'visitor', inbox: 'demo' } as const, ids }
    const add = async (make: (talk: commands.Talk) => commands.Written) => {
      const written = make({ id, view: this.view })
      // The disk takes a while.
      await new Promise((resolve) => setTimeout(resolve))
      this.#add({ id: written.id, ledger: 'thread', entry: written.entry, stamp: null })
      return written.id
    }
    this.write = {
      open: (from) => add((talk) => commands.open(author, talk, from)),
      message: (words) => add((talk) => commands.message(author, talk, words)),
      edit: (entry, words) => add((talk) => commands.edit(author, talk, entry, words)),
      retract: (entry) => add((talk) => commands.retract(author, talk, entry)),
      identify: (who) => add((talk) => commands.identify(author, talk, who)),
      close: () => add((talk) => commands.close(author, talk)),
      rate: (score, text) => add((talk) => commands.rate(author, talk, score, text)),
      comment: () => Promise.reject(new commands.CommandError('not for visitors')),
      assign: () => Promise.reject(new commands.CommandError('not for visitors')),
    }
  }

  get view(): ConversationView {
    return fold(this.#entries)
  }

  /** The relay stores what waits. */
  stamp(): void {
    const next = this.#entries.filter(({ stamp }) => stamp !== null).length
    let index = next
    this.#entries = this.#entries.map((each) =>
      each.stamp !== null || each.refused != null
        ? each
        : { ...each, stamp: { index: index++, at: (this.#at += 1000) } },
    )
    this.change()
  }

  /** The relay refuses the last entry that waits. */
  refuse(reason: string): void {
    const last = this.#entries.findLast(({ stamp }) => stamp === null)
    this.#entries = this.#entries.map((each) => (each === last ? { ...each, refused: reason } : each))
    this.change()
  }

  /** Somebody else's entry arrives, stored. */
  arrive(entry: Entry): string {
    const id = createUlid(this.#ids)
    const index = this.#entries.filter(({ stamp }) => stamp !== null).length
    this.#add({ id, ledger: 'thread', entry, stamp: { index, at: (this.#at += 1000) } })
    return id
  }

  agentSays(by: Principal, words: string): string {
    return this.arrive({ kind: 'message', by, at: this.#at, channel: 'chat', body: body(words) })
  }

  subscribe = (listener: () => void) => listen(this.#listeners, listener)
  setTyping(typing: 'reply' | 'comment' | null) {
    this.typing = typing
  }
  markSeen(entry: string) {
    this.marked.push(entry)
  }
  async retry() {}
  async discard() {}
  close() {
    this.opened--
  }

  change(): void {
    for (const listener of this.#listeners) listener()
  }

  #add(entry: FoldEntry): void {
    this.#entries = [...this.#entries, entry]
    this.change()
  }
}

function listen(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
