import { roleOf, type Principal } from '#conversation/ids.ts'
import type { CommentItem, ConversationView, MessageItem } from '#conversation/view.ts'
import type { PeerPresence } from '#conversation/wire.ts'
import type { OpenConversation } from '#sync/port.ts'
import { locale } from '#texts'
import { startOfDay } from '#ui/time.ts'
import { createSubscriber } from 'svelte/reactivity'
import { countAfter, firstUnread, indexInThread, layOut, visitorMessages, type Row } from './layout.ts'
import { lastEditable } from './own-message.ts'

/** Somebody else who is in this conversation right now. */
export interface Peer {
  principal: Principal
  name: string
  avatar: string | null
  typing: 'reply' | 'comment' | null
}

/** An open conversation, for components. */
export class ThreadState {
  readonly open: OpenConversation
  readonly me: Principal
  readonly #subscribe: () => void
  readonly #rows = $derived.by(() => this.#laidOut())
  readonly #seenByVisitor = $derived.by(() => this.#furthestOfVisitor())
  /** How many of the visitor's messages were read before the divider; null: there is to be none. */
  #read = $state<number | null>(null)
  #unreadFrom: string | null = null
  #away = false
  /** The last item when the end was on the screen; undefined: it has not been. */
  #latest = $state.raw<string | undefined>()
  #furthest = -1
  #editing = $state.raw<{ entry: string; back: HTMLElement | null } | null>(null)

  /** @param read how many visitor messages this agent has seen before they open the conversation; null: all */
  constructor(open: OpenConversation, me: Principal, read: number | null) {
    this.open = open
    this.me = me
    this.#read = read
    this.#subscribe = createSubscriber((update) => open.subscribe(update))
  }

  get view(): ConversationView {
    this.#subscribe()
    return this.open.view
  }

  get state(): OpenConversation['state'] {
    this.#subscribe()
    return this.open.state
  }

  get rows(): Row[] {
    return this.#rows
  }

  /** The others, the agents first; who types comes before who only looks. */
  get peers(): Peer[] {
    this.#subscribe()
    return this.open.peers.map(peerOf).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, locale.tag))
  }

  /** What the ticks of something that the team wrote show; a comment is never seen by the visitor. */
  ticks(item: MessageItem | CommentItem): 'waiting' | 'stored' | 'seen' | 'refused' {
    if (item.refused !== null) return 'refused'
    if (item.stamp === null) return 'waiting'
    return item.type === 'message' && item.stamp.index <= this.#seenByVisitor ? 'seen' : 'stored'
  }

  /** Tells that somebody has looked at everything, to the end. */
  markSeen(): void {
    const { lastSeen, timeline } = this.view
    this.#latest = timeline.at(-1)?.id
    if (lastSeen !== null) this.open.markSeen(lastSeen)
  }

  /** How many messages of others stand below what was on the screen last. */
  get fresh(): number {
    const { timeline } = this.view
    if (this.#latest !== undefined) return countAfter(timeline, this.#latest, this.me)
    const unread = timeline.findIndex(({ id }) => id === this.#unreadFrom)
    const before = timeline[unread - 1]
    return before === undefined ? 0 : countAfter(timeline, before.id, this.me)
  }

  /** Whoever looks away after reading everything finds the divider before what has come meanwhile. */
  lookAway(): void {
    this.#away = true
    this.#unreadFrom = null
    this.#read = visitorMessages(this.view.timeline)
  }

  /** Back again: what comes from now on is read as it comes. */
  lookBack(): void {
    if (this.#away && this.#unreadFrom === null) this.#read = null
    this.#away = false
  }

  /** The message of one's own that is being edited, and what had the focus before; null: none. */
  get editing(): { entry: string; back: HTMLElement | null } | null {
    return this.#editing
  }

  /** Begins to edit a message. `back` gets the focus afterwards; null: the message. */
  edit(entry: string, back: HTMLElement | null = null): void {
    this.#editing = { entry, back }
  }

  /** Begins to edit the newest message of one's own, if that can be edited. Returns whether it can. */
  editLast(back: HTMLElement): boolean {
    const last = lastEditable(this.view.timeline, this.me)
    if (last !== null) this.edit(last.id, back)
    return last !== null
  }

  stopEditing(): void {
    this.#editing = null
  }

  #furthestOfVisitor(): number {
    const { timeline, lastSeen, opened } = this.view
    const entry = opened === null ? undefined : this.open.seen[opened.by]
    if (entry !== undefined) {
      // The last entry of the thread may be one that the timeline shows no item for, such as an edit.
      const index = entry === lastSeen ? Number.POSITIVE_INFINITY : indexInThread(timeline, entry)
      const upTo = index === Number.POSITIVE_INFINITY ? lastIndex(timeline) : index
      // Nobody can unsee.
      this.#furthest = Math.max(this.#furthest, upTo)
    }
    return this.#furthest
  }

  /** Comments may be there before the messages that they stand between: alone they would only jump. */
  #laidOut(): Row[] {
    return this.state === 'loading' ? [] : layOut(this.view.timeline, this.#firstUnread(), startOfDay)
  }

  /** Fixed once it is there, so that the divider stays while one reads. */
  #firstUnread(): string | null {
    if (this.#read !== null) this.#unreadFrom ??= firstUnread(this.view.timeline, this.#read)
    return this.#unreadFrom
  }
}

function lastIndex(timeline: ConversationView['timeline']): number {
  return timeline.reduce((last, item) => (item.type === 'message' ? Math.max(last, item.stamp?.index ?? -1) : last), -1)
}

function peerOf({ user, typing }: PeerPresence): Peer {
  // The relay says who it is; what it says is a principal.
  return { principal: user.principal as Principal, name: user.name, avatar: user.avatar, typing: typing ?? null }
}

function rank(peer: Peer): number {
  return (roleOf(peer.principal) === 'agent' ? 0 : 2) + (peer.typing === null ? 1 : 0)
}
