import type { OpenConversation } from '#sync/port.ts'
import { lastStamped, unreadAfter } from './lines.ts'
import type { Place } from './parent.ts'

/** Who has read how far. What the visitor has read is told to the team, remembered by the page, and counted by the launcher. */
export class Reading {
  readonly #place: Place
  readonly #visible: () => boolean
  readonly #remember: (entry: string) => void
  /** The end of the conversation is on the screen. */
  atEnd = true
  #unread = -1
  #byTeam: string | undefined

  /**
   * @param visible whether this tab is in front
   * @param remember keeps the last entry that was read
   */
  constructor(place: Place, visible: () => boolean, remember: (entry: string) => void) {
    this.#place = place
    this.#visible = visible
    this.#remember = remember
  }

  /** Marks as seen what is on the screen, or counts what is not. */
  settle(conversation: OpenConversation | undefined): void {
    if (conversation === undefined) return this.#tell(0)
    const last = lastStamped(conversation.view)
    const read = this.#place.kept()?.read
    if (this.#place.shown() && this.#visible() && this.atEnd && last !== null) {
      if (read !== last) {
        conversation.markSeen(last)
        this.#remember(last)
      }
      return this.#tell(0)
    }
    // Before it is synced, what is there may be less than what there is: the loader's count is better.
    if (conversation.state === 'synced') this.#tell(unreadAfter(conversation.view, read))
  }

  /**
   * How far the team has read. Its marker may name an entry that is no line of the timeline (an edit); then the last
   * one that was holds.
   */
  byTeam({ seen, view }: OpenConversation): string | undefined {
    if (view.timeline.some((item) => item.id === seen.team)) this.#byTeam = seen.team
    return this.#byTeam
  }

  /** Another conversation, or none, is on the screen. */
  startOver(): void {
    this.atEnd = true
    this.#byTeam = undefined
  }

  #tell(count: number): void {
    if (count === this.#unread) return
    this.#unread = count
    this.#place.tell({ is: 'unread', count })
  }
}
