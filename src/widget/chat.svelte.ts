import { createSubscriber } from 'svelte/reactivity'
import { bodyFromText, plainText } from '#conversation/body.ts'
import { createUlid, roleOf, type Ids } from '#conversation/ids.ts'
import { VISITOR_EDIT_WINDOW } from '#conversation/summary.ts'
import type { ConversationView, MessageItem } from '#conversation/view.ts'
import type { ConnectionState, Device, OpenConversation } from '#sync/port.ts'
import { clock } from './clock.svelte.ts'
import { Happenings } from './happenings.ts'
import { linesOf, type Line } from './lines.ts'
import { KeptHere } from './kept.ts'
import type { Place } from './parent.ts'
import { teamOf, typingIn, type Face } from './people.ts'
import { webPage } from './protocol.ts'
import { Reading } from './reading.ts'
import type { Session } from './session.ts'
import { createSignal } from './signal.ts'

export interface ChatParts {
  device: Device
  session: Session
  place: Place
  ids: Ids
  /** A BCP 47 language tag. */
  locale: string
  /** Whether this tab is in front. */
  visible: () => boolean
  /** The conversation to begin with; null: the greeting. */
  conversation: string | null
}

/** What the visitor looks at: the greeting, or one conversation; and all that can be done there. */
export class Chat {
  readonly session: Session
  readonly #parts: ChatParts
  readonly #signal = createSignal()
  readonly #subscribe = createSubscriber((update) => this.#signal.subscribe(update))
  readonly #kept: KeptHere
  readonly #reading: Reading
  readonly #happenings: Happenings
  readonly #ends: (() => void)[] = []
  #joined: { conversation: OpenConversation; leave: () => void } | null = null
  /** The first entry is being written: what is sent meanwhile waits for it, so that there is one conversation. */
  #beginning: Promise<OpenConversation> | null = null
  /** The visitor goes on in a conversation that has ended. */
  #goingOn = false
  /** The message that is being changed. */
  #editing: { entry: string; text: string } | null = null

  constructor(parts: ChatParts) {
    this.#parts = parts
    this.session = parts.session
    this.#kept = new KeptHere(parts.place, parts.session)
    this.#reading = new Reading(parts.place, parts.visible, (read) => this.#kept.change({ read }))
    this.#happenings = new Happenings(parts.place)
    this.#ends.push(parts.device.subscribeConnection(() => this.#changed()))
    this.#ends.push(parts.place.subscribe(() => this.#placeChanged()))
    if (parts.conversation !== null) this.#join(parts.conversation)
  }

  /** Null: the greeting, no conversation has begun. */
  get conversation(): string | null {
    this.#subscribe()
    return this.#joined?.conversation.id ?? null
  }

  get view(): ConversationView | null {
    this.#subscribe()
    return this.#joined?.conversation.view ?? null
  }

  /** `loading` until the first words of a conversation are there. */
  get state(): OpenConversation['state'] {
    this.#subscribe()
    return this.#joined?.conversation.state ?? 'synced'
  }

  /** The message that the composer changes, with the words that it had; null: the composer writes a new one. */
  get editing(): { entry: string; text: string } | null {
    this.#subscribe()
    return this.#editing
  }

  get connection(): ConnectionState {
    this.#subscribe()
    return this.#parts.device.connection
  }

  get lines(): Line[] {
    this.#subscribe()
    return this.#joined === null
      ? []
      : linesOf(this.#joined.conversation.view, this.#reading.byTeam(this.#joined.conversation))
  }

  /** Agents who are writing a reply just now; in a conversation that has ended, nobody waits for one. */
  get typing(): Face[] {
    this.#subscribe()
    return this.stage === 'open' ? typingIn(this.#joined?.conversation.peers ?? []) : []
  }

  /** The team, those first who answer in this conversation. */
  get team(): Face[] {
    return teamOf(this.session, this.view)
  }

  /** `ended`: closed, and the visitor has not asked to go on. */
  get stage(): 'greeting' | 'open' | 'ended' {
    const { view } = this
    if (view === null) return 'greeting'
    return view.status === 'closed' && !this.#goingOn ? 'ended' : 'open'
  }

  /** Whether to ask where an answer can reach the visitor: after the first message, unless told or not wanted. */
  get asksForAddress(): boolean {
    const { view, conversation } = this
    if (view === null || view.contact.email !== null || view.status === 'closed') return false
    if (this.#parts.place.kept()?.unasked === conversation) return false
    return view.timeline.some((item) => item.type === 'message' && roleOf(item.by) === 'visitor')
  }

  /** Earlier conversations, newest first, for the greeting. */
  get earlier(): Session['conversations'] {
    this.#subscribe()
    return this.session.conversations.filter((each) => each.last !== null).slice(0, 3)
  }

  /**
   * Sends a message, or the change of one; the first one begins a conversation. Resolves when it is on this device's disk.
   * @returns false if there was nothing to send
   * @throws CommandError if the relay would refuse it
   */
  async send(text: string): Promise<boolean> {
    const body = bodyFromText(text)
    if (body === null) return false
    const conversation = await (this.#beginning ?? this.#joined?.conversation ?? this.#begin())
    this.type(false)
    if (this.#editing === null) await conversation.write.message(body)
    else await conversation.write.edit(this.#editing.entry, body)
    this.edit(null)
    return true
  }

  /** Whether a message can still be edited and taken back: the visitor's own, for five minutes. */
  canChange({ by, refused, retracted, stamp, writtenAt }: MessageItem): boolean {
    const since = stamp?.at ?? writtenAt
    return roleOf(by) === 'visitor' && refused === null && !retracted && clock.now - since < VISITOR_EDIT_WINDOW
  }

  /** Puts a message into the composer to be changed; null: no longer. */
  edit(item: MessageItem | null): void {
    this.#editing = item && { entry: item.id, text: plainText(item.body) }
    this.#changed()
  }

  async takeBack(entry: string): Promise<void> {
    if (this.#editing?.entry === entry) this.edit(null)
    await this.#joined?.conversation.write.retract(entry)
  }

  /** Words that the website wants in the composer; whoever asks takes them. */
  takeText(): string | null {
    this.#subscribe()
    return this.#parts.place.takeText()
  }

  /** The visitor has pressed a key in the composer, or has emptied it. */
  type(typing: boolean): void {
    this.#joined?.conversation.setTyping(typing ? 'reply' : null)
  }

  async identify(who: { email: string; name?: string }): Promise<void> {
    await this.#joined?.conversation.write.identify(who)
  }

  /** The visitor does not want to leave an address in this conversation. */
  doNotAsk(): void {
    if (this.#joined !== null) this.#kept.change({ unasked: this.#joined.conversation.id })
    this.#changed()
  }

  async rate(score: number): Promise<void> {
    await this.#joined?.conversation.write.rate(score)
  }

  async end(): Promise<void> {
    await this.#joined?.conversation.write.close()
    this.#goingOn = false
    this.#changed()
  }

  /** Writes on in a conversation that has ended: the next message reopens it. */
  goOn(): void {
    this.#goingOn = true
    this.#changed()
  }

  /** Back to the greeting; the next message begins a conversation. */
  startNew(): void {
    this.#leave()
    this.#kept.change({ conversation: undefined, read: undefined })
    this.#changed()
  }

  /** Opens an earlier conversation. */
  show(conversation: string): void {
    this.#join(conversation)
    this.#changed()
  }

  async retry(entry: string): Promise<void> {
    await this.#joined?.conversation.retry(entry)
  }

  async discard(entry: string): Promise<void> {
    await this.#joined?.conversation.discard(entry)
  }

  /** Says whether the end of the conversation is on the screen: only then what is there counts as read. */
  watch(atEnd: boolean): void {
    this.#reading.atEnd = atEnd
    this.settle()
  }

  /** The panel or the tab was shown or hidden, or something has changed: is it read now? */
  settle(): void {
    this.#reading.settle(this.#joined?.conversation)
  }

  /** Resolves with true when everything that was written is sent, or with false after so many ms. */
  sent(within: number): Promise<boolean> {
    const { device } = this.#parts
    return new Promise((resolve) => {
      const settle = (end: boolean) => {
        const sent = device.connection.waiting === 0
        if (!sent && !end) return
        unsubscribe()
        clearTimeout(timer)
        resolve(sent)
      }
      const timer = setTimeout(() => settle(true), within)
      const unsubscribe = device.subscribeConnection(() => settle(false))
      device.tryNow()
      settle(false)
    })
  }

  async close(): Promise<void> {
    this.#end()
    await this.#parts.device.close()
  }

  /** Closes, and deletes all that is on this device. */
  async wipe(): Promise<void> {
    this.#end()
    await this.#parts.device.wipe()
  }

  #end(): void {
    this.#leave()
    for (const end of this.#ends) end()
  }

  #begin(): Promise<OpenConversation> {
    const { ids, place, session, locale } = this.#parts
    this.#beginning = (async () => {
      const conversation = this.#join(createUlid(ids))
      try {
        const page = webPage(await place.page())
        await conversation.write.open({ inbox: session.inbox.key, page, locale })
        this.#happenings.started(conversation.id)
        return conversation
      } catch (error) {
        this.startNew()
        throw error
      } finally {
        this.#beginning = null
      }
    })()
    return this.#beginning
  }

  #join(id: string): OpenConversation {
    this.#leave()
    const conversation = this.#parts.device.open(id)
    const unsubscribe = conversation.subscribe(() => this.#changed())
    this.#joined = {
      conversation,
      leave: () => {
        unsubscribe()
        conversation.setTyping(null)
        conversation.close()
      },
    }
    const { conversation: before, read } = this.#kept.get()
    this.#kept.change({ conversation: id, read: before === id ? read : undefined })
    return conversation
  }

  #leave(): void {
    this.#joined?.leave()
    this.#joined = null
    this.#goingOn = false
    this.#editing = null
    this.#reading.startOver()
    this.#happenings.startOver()
  }

  #placeChanged(): void {
    const { conversation } = this.#kept.get()
    // Begun in another tab of this website, while this one shows the greeting.
    if (conversation !== undefined && this.#joined === null && this.#beginning === null) this.#join(conversation)
    this.#changed()
  }

  #changed(): void {
    const conversation = this.#joined?.conversation
    if (conversation?.view.status === 'open') this.#goingOn = false
    if (conversation !== undefined) this.#happenings.settle(conversation)
    this.settle()
    this.#signal.emit()
  }
}
