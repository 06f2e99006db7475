import type { Attachment } from 'svelte/attachments'

/** How near to the end, in px, still counts as the end. */
const NEAR = 32

/**
 * Keeps a scrolled element at its end while its content grows, as long as it was there: whoever has scrolled up to read
 * is left alone.
 */
export class ScrollEnd {
  #atEnd = $state(true)
  #node: HTMLElement | null = null
  #top = 0

  get atEnd(): boolean {
    return this.#atEnd
  }

  /** Goes to the end, and stays there. */
  go(): void {
    this.#atEnd = true
    if (this.#node !== null) this.#node.scrollTop = this.#node.scrollHeight
  }

  /** Brings a part of the content to the top; the end is kept only if that shows it. */
  show(part: Element): void {
    part.scrollIntoView({ block: 'start' })
    this.#top = Number.POSITIVE_INFINITY
    this.#measure()
  }

  /** For the scrolling element; its first child is what grows. */
  readonly attach: Attachment<HTMLElement> = (node) => {
    this.#node = node
    const grown = new ResizeObserver(() => {
      if (this.#atEnd) node.scrollTop = node.scrollHeight
    })
    grown.observe(node)
    if (node.firstElementChild !== null) grown.observe(node.firstElementChild)
    const scrolled = () => this.#measure()
    node.addEventListener('scroll', scrolled, { passive: true })
    return () => {
      this.#node = null
      grown.disconnect()
      node.removeEventListener('scroll', scrolled)
    }
  }

  #measure(): void {
    const node = this.#node
    if (node === null) return
    const { scrollTop, scrollHeight, clientHeight } = node
    const near = scrollHeight - scrollTop - clientHeight < NEAR
    // The event comes later than the scrolling, and the content may have grown since: only who moves up leaves the end.
    if (near || scrollTop < this.#top) this.#atEnd = near
    this.#top = scrollTop
  }
}
