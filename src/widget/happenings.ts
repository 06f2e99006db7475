import { roleOf } from '#conversation/ids.ts'
import type { OpenConversation } from '#sync/port.ts'
import { isClose } from './lines.ts'
import type { Place } from './parent.ts'
import type { Who } from './protocol.ts'

/** What passes between a website and the conversation on the screen: who the visitor is, and how it goes. */
export class Happenings {
  readonly #place: Place
  #status: 'open' | 'closed' | null = null
  #introduced: Who | null = null

  constructor(place: Place) {
    this.#place = place
  }

  started(conversation: string): void {
    this.#place.tell({ is: 'event', name: 'conversationStarted', detail: { conversation } })
  }

  /** Something has changed. */
  settle(conversation: OpenConversation): void {
    const { id, state, view } = conversation
    // Before anything is read, a conversation looks open, and its visitor unknown.
    if (view.opened === null || state === 'loading') return
    if (this.#status === 'open' && view.status === 'closed') {
      const by = roleOf(view.timeline.findLast(isClose)?.by ?? 'system') === 'visitor' ? 'visitor' : 'team'
      this.#place.tell({ is: 'event', name: 'conversationClosed', detail: { conversation: id, by } })
    }
    this.#status = view.status
    this.#introduce(conversation)
  }

  /** Another conversation, or none, is on the screen. */
  startOver(): void {
    this.#status = null
    this.#introduced = null
  }

  /** Writes what the website has told of the visitor and the conversation does not hold yet. */
  #introduce({ view, write }: OpenConversation): void {
    const who = this.#place.who()
    if (who === null || who === this.#introduced) return
    this.#introduced = who
    const news = Object.entries(who).filter(([key, text]) => view.contact[key as keyof Who] !== text)
    if (news.length === 0) return
    const failed = (error: unknown) => console.warn(`Parley: identify was refused. ${String(error)}`)
    write.identify(Object.fromEntries(news)).catch(failed)
  }
}
