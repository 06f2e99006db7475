import type { Principal } from '#conversation/ids.ts'
import type { Kept } from '#ui/kept.ts'

/** What can be written in the composer: a reply to the visitor, or a comment for the team. */
export type Tab = 'reply' | 'comment'

/** Unsent texts, one for each conversation and tab, kept on this device for one person. */
export class Drafts {
  readonly #kept: Kept
  readonly #principal: Principal

  constructor(kept: Kept, principal: Principal) {
    this.#kept = kept
    this.#principal = principal
  }

  read(conversation: string, tab: Tab): string {
    return this.#kept.read(this.#key(conversation, tab)) ?? ''
  }

  write(conversation: string, tab: Tab, text: string): void {
    this.#kept.write(this.#key(conversation, tab), text === '' ? null : text)
  }

  /** How many texts are kept. */
  get count(): number {
    return this.#kept.keys(this.#prefix).length
  }

  /** Deletes them all: whoever signs out leaves nothing behind. */
  wipe(): void {
    for (const key of this.#kept.keys(this.#prefix)) this.#kept.write(key, null)
  }

  get #prefix(): string {
    return `parley.draft/${this.#principal}/`
  }

  #key(conversation: string, tab: Tab): string {
    return `${this.#prefix}${conversation}/${tab}`
  }
}
