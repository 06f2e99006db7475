import type { Cancel, Environment } from '#sync/environment.ts'

/** Somebody who has not touched a key for this long, in ms, has stopped typing. */
const IDLE = 6_000

export type TypingIn = 'reply' | 'comment' | null

/** Whether the person types, and in which field; ends by itself. */
export class Typing {
  readonly #environment: Pick<Environment, 'after'>
  readonly #tell: (typing: TypingIn) => void
  #now: TypingIn = null
  #idle: Cancel = () => {}

  constructor(environment: Pick<Environment, 'after'>, tell: (typing: TypingIn) => void) {
    this.#environment = environment
    this.#tell = tell
  }

  /** Call it with each key; it tells only what changes. */
  set(typing: TypingIn): void {
    this.#idle()
    this.#idle = typing === null ? () => {} : this.#environment.after(IDLE, () => this.set(null))
    if (typing === this.#now) return
    this.#now = typing
    this.#tell(typing)
  }

  close(): void {
    this.#idle()
  }
}
