import { createSubscriber } from 'svelte/reactivity'
import type { Ids } from '#conversation/ids.ts'
import type { Device } from '#sync/port.ts'
import { Chat } from './chat.svelte.ts'
import { colourOf } from './colour.ts'
import { write, type Place } from './parent.ts'
import type { Kept } from './protocol.ts'
import { askSession, readSession, SessionError, type Session } from './session.ts'
import { createSignal, type Signal } from './signal.ts'

/** How long what was written may take to be sent before the visitor cannot be forgotten, in ms. */
const SENT_WITHIN = 10_000

export type Stage =
  /** Loaded ahead of need: nothing is asked of the server, and nobody becomes known, before the chat is opened. */
  { is: 'waiting' } | { is: 'starting' } | { is: 'failed'; why: SessionError['why'] } | { is: 'ready'; chat: Chat }

export interface WidgetParts {
  place: Place
  inbox: string
  fetch: typeof globalThis.fetch
  /** The frame's own storage, where the last session is remembered for a start without a network. */
  memory: Storage | null
  createDevice(session: Session): Promise<Device>
  ids: Ids
  locale: string
  visible: () => boolean
}

/** The widget from its first frame on: who the visitor is, and then their chat. */
export class Widget {
  readonly #parts: WidgetParts
  readonly #signal = createSignal()
  readonly #subscribe = createSubscriber((update) => this.#signal.subscribe(update))
  readonly #key: string
  #stage: Stage = { is: 'waiting' }
  #ending: Promise<void> | null = null

  constructor(parts: WidgetParts) {
    this.#parts = parts
    this.#key = `parley:session:${parts.inbox}`
    parts.place.subscribe(() => this.#placeChanged())
    this.#placeChanged()
  }

  get stage(): Stage {
    this.#subscribe()
    return this.#stage
  }

  /** Whether the panel is on the screen. */
  get shown(): boolean {
    this.#subscribe()
    return this.#parts.place.shown()
  }

  /** Whether a launcher is there to close the panel for. */
  get framed(): boolean {
    return this.#parts.place.framed
  }

  close(): void {
    this.#parts.place.tell({ is: 'close' })
  }

  /** This tab has come to the front, or gone to the back. */
  settle(): void {
    if (this.#stage.is === 'ready') this.#stage.chat.settle()
  }

  /** Asks the server who the visitor is, and starts their chat. */
  async start(): Promise<void> {
    const { place } = this.#parts
    this.#turn({ is: 'starting' })
    const kept = place.kept()
    try {
      const { session, live } = await this.#session(kept)
      place.keep(keptBy(session, kept))
      const { color, side } = session.inbox
      place.tell({ is: 'look', look: { color: colourOf(color), side } })
      const { ids, locale, visible, createDevice } = this.#parts
      const device = await createDevice(session)
      // Read after the wait: another tab may have begun a conversation meanwhile.
      const conversation = conversationOf(session, place.kept()?.conversation, live)
      const chat = new Chat({ device, session, place, ids, locale, visible, conversation })
      this.#turn({ is: 'ready', chat })
      chat.settle()
    } catch (error) {
      const known = error instanceof SessionError
      this.#turn({ is: 'failed', why: known ? error.why : 'unreachable' })
      // A fault of ours: the visitor can try again, and the console says what it was.
      if (!known) throw error
    }
  }

  /** Forgets the visitor on this device and starts as a new one: the server no longer knows the token. */
  async restart(): Promise<void> {
    if (this.#stage.is === 'ready') await this.#stage.chat.close()
    this.#parts.place.keep(null)
    await this.start()
  }

  /** The server's session, or without a network the one that this device remembers of the same visitor. */
  async #session(kept: Kept | null): Promise<{ session: Session; live: boolean }> {
    const { fetch, inbox, memory } = this.#parts
    try {
      const token = kept === null ? {} : { token: kept.token }
      const session = await askSession(fetch, { inbox, ...token })
      write(memory, this.#key, JSON.stringify({ ...session, token: '' }))
      return { session, live: true }
    } catch (error) {
      const remembered = readSession(memory?.getItem(this.#key) ?? null)
      const final = error instanceof SessionError && error.why === 'refused'
      if (final || kept === null || remembered?.visitor.id !== kept.visitor) throw error
      return { session: { ...remembered, token: kept.token }, live: false }
    }
  }

  #placeChanged(): void {
    const { place } = this.#parts
    if (place.ending() !== null) return void (this.#ending ??= this.#end())
    // Another tab of the website has forgotten the visitor.
    if (this.#stage.is === 'ready' && place.kept() === null) {
      void this.#stage.chat.close()
      this.#stage = { is: 'waiting' }
    }
    if (this.#stage.is === 'waiting' && (place.shown() || place.kept() !== null)) void this.start()
    this.#signal.emit()
  }

  /** Forgets the visitor on this device, as the website wants it, and says whether it is done. */
  async #end(): Promise<void> {
    const { place, memory } = this.#parts
    if (this.#stage.is === 'waiting' && place.kept() !== null) await this.start().catch(() => {})
    while (this.#stage.is === 'starting') await new Promise<void>((resolve) => once(this.#signal, resolve))
    const { stage } = this
    const now = () => place.ending() === 'now'
    const sent = stage.is === 'ready' ? await stage.chat.sent(now() ? 0 : SENT_WITHIN) : place.kept() === null
    // Not sent, and not to be thrown away: the visitor stays who they are, and it goes with the next visit.
    const forgotten = sent || now()
    if (forgotten) {
      if (stage.is === 'ready') await stage.chat.wipe()
      memory?.removeItem(this.#key)
      place.keep(null)
      this.#turn({ is: 'waiting' })
    }
    this.#ending = null
    place.tell({ is: 'ended', forgotten })
  }

  #turn(stage: Stage): void {
    this.#stage = stage
    this.#signal.emit()
  }
}

function once(signal: Signal, listener: () => void): void {
  const end = signal.subscribe(() => {
    end()
    listener()
  })
}

function keptBy(session: Session, kept: Kept | null): Kept {
  const { token, visitor } = session
  return visitor.id === kept?.visitor ? { ...kept, token } : { token, visitor: visitor.id }
}

/**
 * The conversation that a visitor comes back to: the one they were in, unless it has ended and they have read it; else
 * the newest that is open or holds news.
 *
 * @param live whether the session is the server's word of now; otherwise where the visitor was is all there is
 */
export function conversationOf(session: Session, kept: string | undefined, live: boolean): string | null {
  const goesOn = (each: Session['conversations'][number]) => each.status === 'open' || each.unread > 0
  const listed = session.conversations.find((each) => each.id === kept)
  // Not listed: begun on this device, and not stored yet.
  if (kept !== undefined && (!live || listed === undefined || goesOn(listed))) return kept
  return session.conversations.find(goesOn)?.id ?? null
}
