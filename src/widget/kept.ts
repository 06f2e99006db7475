import type { Place } from './parent.ts'
import type { Kept } from './protocol.ts'
import type { Session } from './session.ts'

/** What the page keeps of this visitor, changed field by field: another tab may have changed the others. */
export class KeptHere {
  readonly #place: Place
  readonly #visitor: Kept

  constructor(place: Place, { token, visitor }: Session) {
    this.#place = place
    this.#visitor = { token, visitor: visitor.id }
  }

  get(): Kept {
    return this.#place.kept() ?? this.#visitor
  }

  /** Sets fields; undefined takes one away. */
  change(change: { [K in keyof Kept]?: Kept[K] | undefined }): void {
    const kept: Kept = this.get()
    const entries = Object.entries({ ...kept, ...change }).filter(([, value]) => value !== undefined)
    this.#place.keep({ ...this.#visitor, ...Object.fromEntries(entries) })
  }
}
