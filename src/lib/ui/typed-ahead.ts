import { isStroke, type Keys } from './keys.ts'

/** What was typed, and the key that ended it. */
export interface Ahead {
  text: string
  end: 'Enter' | 'Escape' | null
}

type Typed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'> & {
  getModifierState(key: string): boolean
}

/**
 * Keeps what is typed between asking for a field and having it: people type on without looking. Until the field is
 * there, their letters must reach neither the field they came from nor the keys of the page, where an `e` closes a
 * conversation.
 */
export class TypedAhead {
  /** The keys that asked for the field; once more they take that back. */
  readonly #keys: readonly Keys[]
  #ahead: Ahead | null = null

  constructor(keys: readonly Keys[]) {
    this.#keys = keys
  }

  /** From now on, until `take`. */
  begin(): void {
    this.#ahead = { text: '', end: null }
    window.addEventListener('keydown', this.#onkeydown, true)
  }

  /** What has been typed since `begin`; the keyboard goes where the focus is again. */
  take(): Ahead {
    const ahead = this.#ahead ?? { text: '', end: null }
    this.#ahead = null
    if (typeof window !== 'undefined') window.removeEventListener('keydown', this.#onkeydown, true)
    return ahead
  }

  /** Whether it is one of those keys that are kept; any other goes on to whoever it is for. */
  keep(event: Typed): boolean {
    const ahead = this.#ahead
    if (ahead === null || event.isComposing) return false
    const again = this.#keys.some((keys) => isStroke(keys, event))
    const end = again ? 'Escape' : (END_KEYS.find((key) => key === event.key) ?? null)
    const isHeld = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph')
    if (end === null && isHeld) return false
    // What comes after the end was meant for what the end leads to, and nobody knows yet what that is.
    if (ahead.end !== null) return event.key.length === 1
    if (end !== null) ahead.end = end
    else if (event.key === 'Backspace') ahead.text = [...ahead.text].slice(0, -1).join('')
    else if ([...event.key].length === 1) ahead.text += event.key
    else return false
    return true
  }

  readonly #onkeydown = (event: KeyboardEvent): void => {
    if (!this.keep(event)) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
}

const END_KEYS = ['Enter', 'Escape'] as const
