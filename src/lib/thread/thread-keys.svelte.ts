import { pressed } from '#ui/commands.svelte.ts'
import { tick } from 'svelte'
import { KEYS } from './commands.ts'
import { menuAt, menuRows, menuWithFocus } from './own-menus.ts'
import type { ThreadScroll } from './thread-scroll.svelte.ts'
import type { ThreadState } from './thread-state.svelte.ts'

/** The keys of a thread. Of all the menus in it one takes the Tab key, and arrows go from one to the next. */
export class ThreadKeys {
  readonly #thread: ThreadState
  readonly #scroll: ThreadScroll
  /** The message whose menu has the focus. */
  #focused = $state.raw<string | null>(null)
  readonly #menus = $derived.by(() => menuRows(this.#thread.rows, this.#thread.me))

  constructor(thread: ThreadState, scroll: ThreadScroll) {
    this.#thread = thread
    this.#scroll = scroll
  }

  /** The message of one's own whose menu the Tab key goes to; null: there is none. */
  get tabStop(): string | null {
    const own = menuAt(this.#menus, this.#scroll.last)
    return this.#focused ?? (own === null ? null : (this.#thread.rows[own]?.key ?? null))
  }

  /** Rows that are there wherever the thread is scrolled to: the one that Tab goes to, and the one that is edited. */
  get mounted(): number[] {
    const keys = [this.tabStop, this.#thread.editing?.entry]
    return keys.flatMap((key) => this.#scroll.placeOf(key ?? undefined) ?? [])
  }

  readonly onfocusin = ({ target }: FocusEvent): void => {
    this.#focused = menuWithFocus(target)
  }

  /** For keys before anybody else gets them: an arrow on a menu's button would open it. */
  readonly onkeydown = (event: KeyboardEvent): void => {
    const entry = menuWithFocus(event.target)
    if (entry === null && event.target !== this.#scroll.node) return
    if (pressed(KEYS.latest, event)) this.#scroll.end.go()
    else if (pressed(KEYS.oldest, event)) this.#scroll.toStart()
    else if (entry !== null && pressed(KEYS.earlierOwn, event)) void this.#focusMenu(entry, -1)
    else if (entry !== null && pressed(KEYS.laterOwn, event)) void this.#focusMenu(entry, 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  async #focusMenu(entry: string, step: 1 | -1): Promise<void> {
    const at = this.#menus.indexOf(this.#scroll.placeOf(entry) ?? -1)
    const row = this.#menus[at + step]
    const key = row === undefined ? undefined : this.#thread.rows[row]?.key
    if (at === -1 || row === undefined || key === undefined) return
    this.#focused = key
    await tick()
    this.#scroll.list?.scrollToIndex(row, { align: 'nearest' })
    const button = this.#scroll.node?.querySelector<HTMLElement>(`[data-entry="${key}"] .own-menu > button`)
    button?.focus({ preventScroll: true })
  }
}
