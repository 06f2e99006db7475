import { createSubscriber } from 'svelte/reactivity'

/** The time, for what is on the screen: reading `now` in an effect or a template runs it again as time passes. */
export class Clock {
  readonly #subscribe: () => void

  /** @param every ms between two ticks; nothing runs while nobody reads */
  constructor(every: number) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, every)
      return () => clearInterval(timer)
    })
  }

  /** Milliseconds since 1970. */
  get now(): number {
    this.#subscribe()
    return Date.now()
  }
}

/** One timer for every relative time on the screen. */
export const minutes = new Clock(20_000)
/** One timer for what counts seconds. */
export const seconds = new Clock(1_000)
