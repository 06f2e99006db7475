import { browserKept, type Kept } from './kept.ts'

const KEY = 'parley.single-keys'

/**
 * Whether letters and signs alone are shortcuts. Who speaks to the computer, or hits keys by accident, can switch them
 * off (WCAG 2.1.4); it is kept on this device.
 */
export class SingleKeys {
  readonly #kept: Kept
  #on = $state(true)

  constructor(kept: Kept = browserKept) {
    this.#kept = kept
    this.#on = kept.read(KEY) !== 'off'
  }

  get on(): boolean {
    return this.#on
  }

  set on(on: boolean) {
    this.#on = on
    this.#kept.write(KEY, on ? null : 'off')
  }
}

export const singleKeys = new SingleKeys()
