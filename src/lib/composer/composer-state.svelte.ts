import { bodyFromText } from '#conversation/body.ts'
import type { OpenConversation } from '#sync/port.ts'
import type { Drafts, Tab } from './drafts.ts'
import { roomLeft } from './limits.ts'

/** How long after the last key somebody still counts as typing, in ms. */
const TYPING_FOR = 4000

/** What is being written in one open conversation. */
export class ComposerState {
  readonly #open: OpenConversation
  readonly #drafts: Drafts
  #tab = $state<Tab>('reply')
  #texts = $state<Record<Tab, string>>({ reply: '', comment: '' })
  #error = $state<string | null>(null)
  #sending = false
  #typing: ReturnType<typeof setTimeout> | undefined

  constructor(open: OpenConversation, drafts: Drafts) {
    this.#open = open
    this.#drafts = drafts
    this.#texts = { reply: drafts.read(open.id, 'reply'), comment: drafts.read(open.id, 'comment') }
    if (this.#texts.reply === '' && this.#texts.comment !== '') this.#tab = 'comment'
  }

  get tab(): Tab {
    return this.#tab
  }

  set tab(tab: Tab) {
    if (tab === this.#tab) return
    this.#stopTyping()
    this.#tab = tab
    this.#error = null
  }

  text(tab: Tab): string {
    return this.#texts[tab]
  }

  setText(tab: Tab, text: string): void {
    this.#texts[tab] = text
    this.#drafts.write(this.#open.id, tab, text)
    this.#error = null
    if (text.trim() === '') this.#stopTyping()
    else this.#keepTyping(tab)
  }

  /** Whether a tab holds an unsent text. */
  holds(tab: Tab): boolean {
    return this.#texts[tab].trim() !== ''
  }

  /** Why the last try failed; the text is still there. */
  get error(): string | null {
    return this.#error
  }

  /** How many characters are left in a tab, once that matters. */
  room(tab: Tab): number | null {
    return roomLeft(this.#texts[tab])
  }

  canSend(tab: Tab): boolean {
    return this.holds(tab) && (this.room(tab) ?? 0) >= 0
  }

  /** Writes what is in a tab. Resolves with whether it was written; if not, `error` says why. */
  async send(tab: Tab): Promise<boolean> {
    const text = this.#texts[tab]
    const body = bodyFromText(text)
    if (body === null || this.#sending) return false
    this.#sending = true
    try {
      await (tab === 'reply' ? this.#open.write.message(body) : this.#open.write.comment(body, []))
    } catch (error) {
      this.#error = error instanceof Error ? error.message : 'This could not be written.'
      return false
    } finally {
      this.#sending = false
    }
    this.#stopTyping()
    // Keys pressed while the entry was being written down belong to the next one.
    const rest = this.#texts[tab].startsWith(text) ? this.#texts[tab].slice(text.length) : this.#texts[tab]
    this.#texts[tab] = rest
    this.#drafts.write(this.#open.id, tab, rest)
    return true
  }

  /** Closes the conversation as it is on the screen. */
  async close(): Promise<void> {
    try {
      await this.#open.write.close()
    } catch (error) {
      this.#error = error instanceof Error ? error.message : 'The conversation could not be closed.'
    }
  }

  /** For whoever takes the composer off the screen. */
  leave(): void {
    this.#stopTyping()
  }

  #keepTyping(tab: Tab): void {
    if (this.#typing === undefined) this.#open.setTyping(tab)
    clearTimeout(this.#typing)
    this.#typing = setTimeout(() => this.#stopTyping(), TYPING_FOR)
  }

  #stopTyping(): void {
    if (this.#typing === undefined) return
    clearTimeout(this.#typing)
    this.#typing = undefined
    this.#open.setTyping(null)
  }
}
