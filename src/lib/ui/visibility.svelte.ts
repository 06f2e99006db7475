import { on } from 'svelte/events'
import { createSubscriber } from 'svelte/reactivity'

class Visibility {
  readonly #subscribe = createSubscriber((update) => on(document, 'visibilitychange', update))

  /** Whether this tab is the one in front of its window. */
  get visible(): boolean {
    this.#subscribe()
    return document.visibilityState === 'visible'
  }
}

export const tab = new Visibility()
