import { seconds } from '#ui/clock.svelte.ts'
import type { ConnectionState, Device } from '#sync/port.ts'
import { createSubscriber } from 'svelte/reactivity'
import { connectionWords, type ConnectionWords } from './connection.ts'

/** The device's connection, for components. */
export class Connection {
  readonly #device: Device
  readonly #subscribe: () => void
  #wasLive = false

  constructor(device: Device) {
    this.#device = device
    this.#subscribe = createSubscriber((update) =>
      device.subscribeConnection(() => {
        this.#wasLive ||= device.connection.state === 'live'
        update()
      }),
    )
  }

  get state(): ConnectionState {
    this.#subscribe()
    return this.#device.connection
  }

  get words(): ConnectionWords {
    const { state } = this
    // Seconds are only counted while there is something to count down to.
    return connectionWords(state, this.#wasLive, state.retryAt === null ? 0 : seconds.now)
  }

  /** Nothing to say: live, nothing waits, and this browser keeps what is written. */
  get calm(): boolean {
    return this.words.tone === 'good' && this.state.storage === 'kept'
  }

  tryNow(): void {
    this.#device.tryNow()
  }
}
