import { positionIn, type Position } from '#ui/list-position.ts'
import { ScrollEnd } from '#ui/scroll-end.svelte.ts'
import { tick } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { VirtualizerHandle } from 'virtua/svelte'
import { ThreadKeys } from './thread-keys.svelte.ts'
import type { ThreadState } from './thread-state.svelte.ts'

/** Rows are measured as they are drawn: where one is put settles within a few frames, or is good enough. */
const SETTLES_IN = 12

/** How near to the top, in px, a row stands there: its divider has a margin. */
const NEAR = 8

/** Where a thread of any length is read: only what is near the screen is drawn, and nothing is seen to move. */
export class ThreadScroll {
  readonly #thread: ThreadState
  readonly end = new ScrollEnd(() => this.#node)
  /** Whether the rows stand where reading begins; until then they are not shown. */
  #placed = $state(false)
  list = $state.raw<VirtualizerHandle>()
  #node: HTMLElement | undefined
  #before: Position | null = null
  /** In how many frames it is to stand where reading begins; 0: it does. */
  #placing = 0
  /** Until everything is here that was written before. */
  #opening = true
  #keys: string[] = []
  /** The last row that is on the screen. */
  #last = $state(Number.POSITIVE_INFINITY)
  readonly keys: ThreadKeys
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew with the rows, and never changed
  readonly #places = $derived.by(() => new Map(this.#thread.rows.map(({ key }, index) => [key, index])))

  constructor(thread: ThreadState) {
    this.#thread = thread
    this.keys = new ThreadKeys(thread, this)
  }

  get placed(): boolean {
    return this.#placed
  }

  /** The row that is on the screen last. */
  get last(): number {
    return this.#last
  }

  get node(): HTMLElement | undefined {
    return this.#node
  }

  /** Where a row is, by its key. */
  placeOf(key: string | undefined): number | undefined {
    return key === undefined ? undefined : this.#places.get(key)
  }

  /** For the scrolling element. */
  readonly attach: Attachment<HTMLElement> = (node) => {
    this.#node = node
    // The keyboard of a phone makes it lower, and what was at its end stays there.
    const resized = new ResizeObserver(() => this.end.hold())
    resized.observe(node)
    return () => {
      resized.disconnect()
      this.#node = undefined
    }
  }

  /** Goes to the newest, and gives the focus to the thread: the button that had it is gone. */
  jump(): void {
    this.end.go()
    this.#node?.focus({ preventScroll: true })
  }

  readonly onscroll = (): void => {
    this.end.scrolled()
    this.#look()
  }

  /** Rows were measured. What is on the screen is to be right before it is painted. */
  readonly onresize = (): void => {
    void tick().then(() => {
      this.end.hold()
      this.#look()
    })
  }

  beforeChange(): void {
    if (this.#placed && this.#placing === 0 && this.list !== undefined && !this.end.atEnd) {
      this.#before = positionIn(this.list, this.#keys, null)
    }
  }

  afterChange(): void {
    if (this.list === undefined || this.#thread.rows.length === 0) return
    const first = this.#keys.length === 0
    const divided = this.#keys.includes('unread')
    this.#keys = this.#thread.rows.map(({ key }) => key)
    // A copy that was not up to date is read from its end, until it is known where the new begins.
    const begins = this.#opening && !divided && this.#places.has('unread')
    if (this.#thread.state === 'synced') this.#opening = false
    if (first || begins) void this.#place(this.list)
    else if (this.end.atEnd) this.end.hold()
    else if (this.#before !== null) this.#keep(this.list, this.#before)
    this.#before = null
  }

  /** Goes to the oldest. */
  toStart(): void {
    this.end.leave()
    if (this.#node !== undefined) this.#node.scrollTop = 0
  }

  /** Reading begins at what is new, or else at the end. */
  async #place(list: VirtualizerHandle): Promise<void> {
    // At once: what is new has not been read because it is about to be shown.
    if (this.#places.has('unread')) this.end.leave()
    const isUnderWay = this.#placing > 0
    this.#placing = SETTLES_IN
    if (isUnderWay) return
    for (let stood = false; this.#placing > 0; this.#placing--) {
      await tick()
      if (this.#node === undefined) return
      // Looked up each time: more may arrive meanwhile.
      const unread = this.#places.get('unread')
      if (unread !== undefined) this.end.leave()
      const stands = unread === undefined ? this.#standsAtEnd() : this.#standsAt('unread')
      if (stands && stood && list.getViewportSize() > 0) break
      stood = stands
      if (unread === undefined) this.#node.scrollTop = this.#node.scrollHeight
      else if (!stands) list.scrollToIndex(unread)
      await nextFrame()
    }
    this.#placing = 0
    this.#placed = true
    this.onscroll()
  }

  /** Whether the end can be seen. */
  #standsAtEnd(): boolean {
    if (this.#node === undefined) return false
    const { scrollTop, scrollHeight, clientHeight } = this.#node
    return scrollHeight - scrollTop - clientHeight < 1
  }

  /** Whether a row is at the top, or as near to it as the end of the thread allows. */
  #standsAt(key: string): boolean {
    const row = this.#node?.querySelector(`[data-row="${key}"]`)
    if (this.#node === undefined || row == null) return false
    const below = row.getBoundingClientRect().top - this.#node.getBoundingClientRect().top
    return Math.abs(below) < NEAR || (below > 0 && this.#standsAtEnd())
  }

  #keep(list: VirtualizerHandle, { top }: Position): void {
    const place = top === null ? undefined : this.#places.get(top.id)
    if (top === null || place === undefined) return
    const moved = list.getItemOffset(place) + top.beyond - list.getScrollOffset()
    // By its place and not by pixels: rows that are measured on the way there move it.
    if (Math.abs(moved) > 1) list.scrollToIndex(place, { offset: top.beyond })
  }

  #look(): void {
    if (this.list === undefined) return
    this.#last = this.list.findItemIndex(this.list.getScrollOffset() + this.list.getViewportSize() - 1)
  }
}

/** The next frame, or soon: a machine that is busy draws few. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve())
    setTimeout(resolve, 50)
  })
}
