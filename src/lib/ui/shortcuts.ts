import { createContext } from 'svelte'

/** One key and what it does; the table of them drives the bindings, the hints on buttons and the help sheet. */
export interface Shortcut {
  id: string
  /** As `KeyboardEvent.key` has it; `mod+` stands for Cmd on a Mac and Ctrl elsewhere. */
  key: string
  /** What the key shows as, if not the key in upper case. */
  shown?: string
  /** What it does, and under which heading it stands, in the language of the moment. */
  label: () => string
  group: () => string
  /** `field`: bound by the field that it works in; listed in the help, not dispatched from here. */
  scope?: 'anywhere' | 'field'
}

/** Who answers a shortcut; one that nobody answers does nothing, and the key stays the browser's. */
export class Shortcuts {
  readonly table: readonly Shortcut[]
  readonly #handlers = new Map<string, () => void>()

  constructor(table: readonly Shortcut[]) {
    this.table = table
  }

  /** Answers shortcuts until the returned function is called. The last to answer wins. */
  answer(handlers: Record<string, () => void>): () => void {
    for (const [id, handler] of Object.entries(handlers)) this.#handlers.set(id, handler)
    return () => {
      for (const [id, handler] of Object.entries(handlers)) {
        if (this.#handlers.get(id) === handler) this.#handlers.delete(id)
      }
    }
  }

  /** The key that a button's title shows, or null. */
  hint(id: string): string | null {
    const shortcut = this.table.find((each) => each.id === id)
    return shortcut === undefined ? null : (shortcut.shown ?? shortcut.key.toUpperCase())
  }

  /** For the window's keydown. Fires nothing while somebody types, picks from a menu, or has a dialog open. */
  handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest(TYPING) !== null) return
    if (document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]') !== null) return
    const shortcut = this.table.find((each) => each.key === event.key && each.scope !== 'field')
    const handler = shortcut && this.#handlers.get(shortcut.id)
    if (handler === undefined) return
    event.preventDefault()
    handler()
  }
}

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"]'

/** The page's shortcuts, for buttons that show their key. */
export const [shortcutsOfPage, setShortcutsOfPage] = createContext<Shortcuts>()
