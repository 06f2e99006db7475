import type { Subscribe } from '#sync/port.ts'

/** Tells that something changed: listeners once for each burst, in a microtask after it; watchers at once. */
export class Changes {
  readonly #watchers = new Set<{ call: () => void }>()
  readonly #listeners = new Set<{ call: () => void }>()
  #scheduled = false

  readonly subscribe: Subscribe = (listener) => {
    const each = { call: listener }
    this.#listeners.add(each)
    return () => void this.#listeners.delete(each)
  }

  /** For caches, which must never be older than what they are made of: called at once, and must be cheap. */
  readonly watch: Subscribe = (listener) => {
    const each = { call: listener }
    this.#watchers.add(each)
    return () => void this.#watchers.delete(each)
  }

  /** Something changed. */
  tell(): void {
    for (const each of this.#watchers) each.call()
    if (this.#scheduled || this.#listeners.size === 0) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      for (const each of [...this.#listeners]) {
        // A listener may have been ended by the one before it.
        if (this.#listeners.has(each)) callSafely(each.call)
      }
    })
  }

  /** Ends every subscription. */
  clear(): void {
    this.#listeners.clear()
    this.#watchers.clear()
  }
}

/** Runs a listener so that its failure is reported and stops nobody else. */
export function callSafely(run: () => void): void {
  try {
    run()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
