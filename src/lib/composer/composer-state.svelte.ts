import { bodyFromText } from '#conversation/body.ts'
import type { OpenConversation } from '#sync/port.ts'
import { m } from '#texts'
import { failureWords } from '#ui/failure.ts'
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
  /** Sent, but not on the disk yet. */
  readonly #going: Record<Tab, string[]> = { reply: [], comment: [] }
  /** Sent before the conversation could be written in. */
  #waiting = $state.raw<readonly string[]>([])
  readonly #left = new AbortController()
  #error = $state<string | null>(null)
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
    this.#keep(tab)
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

  /** What was sent while the conversation was still being read, and goes as soon as that is done. */
  get waiting(): readonly string[] {
    return this.#waiting
  }

  /**
   * Writes what is in a tab, as soon as the conversation can be written in. Resolves with whether it was written; if
   * not, `error` says why, and the text is back. Whoever leaves before finds it again as a draft.
   */
  async send(tab: Tab): Promise<boolean> {
    const text = this.#texts[tab]
    const body = bodyFromText(text)
    if (body === null) return false
    this.#stopTyping()
    // The field is free at once: whoever types fast sends the next one before this one is on the disk.
    this.#texts[tab] = ''
    this.#going[tab].push(text)
    // Left before: the draft that is kept has the text still.
    if (!this.#isReady && !(await this.#ready(text))) return false
    try {
      // While it was read it may have turned out that it is closed: a reply would reach nobody.
      if (tab === 'reply' && this.#open.view.status === 'closed') throw new Error(m.composer_closed_meanwhile())
      await (tab === 'reply' ? this.#open.write.message(body) : this.#open.write.comment(body, []))
    } catch (error) {
      this.#error = failureWords(error)
      // Nothing was written: the words go back to where they came from.
      this.#texts[tab] = joined([text, this.#texts[tab]])
      return false
    } finally {
      this.#going[tab].splice(this.#going[tab].indexOf(text), 1)
      this.#keep(tab)
    }
    return true
  }

  /** Closes the conversation as it is on the screen. */
  async close(): Promise<void> {
    try {
      await this.#open.write.close()
    } catch (error) {
      this.#error = failureWords(error)
    }
  }

  /** For whoever takes the composer off the screen. */
  leave(): void {
    this.#stopTyping()
    this.#left.abort()
  }

  get #isReady(): boolean {
    return this.#open.view.opened !== null
  }

  /** Waits until the conversation can be written in. False: it was left before. */
  async #ready(text: string): Promise<boolean> {
    const { signal } = this.#left
    this.#waiting = [...this.#waiting, text]
    let stop: (() => void) | undefined
    await new Promise<void>((resolve) => {
      stop = this.#open.subscribe(() => this.#isReady && resolve())
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    stop?.()
    this.#waiting = this.#waiting.filter((each) => each !== text)
    return !signal.aborted
  }

  /** Keeps what is not on the disk as an entry: until then the draft is the only copy. */
  #keep(tab: Tab): void {
    this.#drafts.write(this.#open.id, tab, joined([...this.#going[tab], this.#texts[tab]]))
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

function joined(texts: string[]): string {
  return texts.filter((text) => text !== '').join('\n')
}
