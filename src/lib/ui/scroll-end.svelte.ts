/** How near to the end, in px, still counts as the end. */
const NEAR = 32

/**
 * Keeps a scrolled element at its end while its content grows, as long as it was there: whoever has scrolled up to read
 * is left alone.
 */
export class ScrollEnd {
  #atEnd = $state(true)
  readonly #scroller: () => HTMLElement | undefined
  #top = 0

  constructor(scroller: () => HTMLElement | undefined) {
    this.#scroller = scroller
  }

  get atEnd(): boolean {
    return this.#atEnd
  }

  /** Goes to the end, and stays there. */
  go(): void {
    this.#atEnd = true
    this.hold()
  }

  /** Leaves the end, to show something above it; it is held again once the scrolling comes there. */
  leave(): void {
    this.#atEnd = false
  }

  /** After the content has changed: stays at the end, for whoever is there. */
  hold(): void {
    const node = this.#scroller()
    if (this.#atEnd && node !== undefined) node.scrollTop = node.scrollHeight
  }

  /** After it was scrolled. */
  scrolled(): void {
    const node = this.#scroller()
    if (node === undefined) return
    const { scrollTop, scrollHeight, clientHeight } = node
    const near = scrollHeight - scrollTop - clientHeight < NEAR
    // The event comes later than the scrolling, and the content may have grown since: only who moves up leaves the end.
    if (near || scrollTop < this.#top) this.#atEnd = near
    this.#top = scrollTop
  }
}
