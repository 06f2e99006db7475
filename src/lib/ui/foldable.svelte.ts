import { browserKept, type Kept } from './kept.ts'

/** A pane that can be folded away, and stays so. */
export class Foldable {
  readonly #key: string
  readonly #kept: Kept
  #open = $state(true)

  constructor(name: string, kept: Kept = browserKept) {
    this.#key = `parley.folded/${name}`
    this.#kept = kept
    this.#open = kept.read(this.#key) === null
  }

  get open(): boolean {
    return this.#open
  }

  toggle(): void {
    this.#open = !this.#open
    this.#kept.write(this.#key, this.#open ? null : 'folded')
  }
}
