import { PANEL_STYLE } from './panel.ts'
import {
  isRecord,
  readKept,
  readPage,
  readWho,
  seal,
  unseal,
  type Kept,
  type Page,
  type ToLoader,
  type Who,
} from './protocol.ts'

/** Where the app runs: in a website's frame, or as a page of its own. */
export interface Place {
  /** Whether there is a launcher that can close the panel. */
  readonly framed: boolean
  kept(): Kept | null
  keep(kept: Kept | null): void
  /** The page that the visitor is on now: a website may change it without loading another one. */
  page(): Promise<Page>
  /** Whether the panel is on the screen. */
  shown(): boolean
  /** Who the visitor is, by the website's word; null: it has said nothing. */
  who(): Who | null
  /** Words that the website wants in the composer; whoever asks takes them. */
  takeText(): string | null
  /** The website wants the visitor forgotten, at once or when everything is sent; null: it does not. */
  ending(): 'now' | 'sent' | null
  tell(message: ToLoader): void
  /** Calls back when any of these has changed. */
  subscribe(listener: () => void): () => void
}

/** How long the loader may take to name the page, in ms: an older one, from a cache, never answers. */
const PAGE_WITHIN = 500

/**
 * Shakes hands with the loader. Resolves when it has answered; a page that is no loader never answers, and the app
 * stays blank.
 *
 * @param expected the origin of the host page, as the frame's address names it. Whether that origin may frame us is
 * the browser's to enforce (frame-ancestors); here it says whom to listen to and whom to post to.
 */
export function joinParent(window: Window, expected: string): Promise<Place> {
  const { parent } = window
  const listeners = new Set<() => void>()
  let kept: Kept | null = null
  let page = readPage(null)
  let named = (_page: Page) => {}
  let who: Who | null = null
  let text: string | null = null
  let shown = false
  let ending: 'now' | 'sent' | null = null
  const tell = (message: ToLoader) => parent.postMessage(seal(message), expected)

  return new Promise((resolve) => {
    window.addEventListener('message', (event: MessageEvent) => {
      if (event.source !== parent || event.origin !== expected) return
      const message = unseal(event.data)
      if (message === null) return
      const { is } = message
      if (is === 'start' || is === 'kept') kept = readKept(message.kept)
      if (is === 'start' || is === 'identify') who = readWho(message.who) ?? who
      // A loader from a cache names the page in other messages too.
      if (isRecord(message.page)) page = readPage(message.page)
      if (is === 'page') named(page)
      if (is === 'shown' || is === 'hidden') shown = is === 'shown'
      if (is === 'shown') text = typeof message.text === 'string' ? message.text : text
      if (is === 'end') ending = message.discard === true ? 'now' : 'sent'
      if (is === 'start') resolve(place)
      for (const listener of listeners) listener()
    })
    const place: Place = {
      framed: true,
      kept: () => kept,
      keep(next) {
        kept = next
        tell({ is: 'keep', kept })
      },
      page: () =>
        new Promise((answer) => {
          named = answer
          setTimeout(() => answer(page), PAGE_WITHIN)
          tell({ is: 'page' })
        }),
      shown: () => shown,
      who: () => who,
      takeText() {
        const taken = text
        text = null
        return taken
      },
      ending: () => ending,
      tell,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    tell({ is: 'hello', style: PANEL_STYLE })
  })
}

/** The app as a page of its own: always shown, and the visitor is kept in its own storage. */
export function standAlone(window: Window, inbox: string, storage: Storage | null): Place {
  const key = `parley:${inbox}`
  let memory: Kept | null = null
  return {
    framed: false,
    kept() {
      try {
        return readKept(JSON.parse(storage?.getItem(key) ?? 'null')) ?? memory
      } catch {
        return memory
      }
    },
    keep(kept) {
      memory = kept
      if (kept === null) storage?.removeItem(key)
      else write(storage, key, JSON.stringify(kept))
    },
    page: async () => ({
      url: window.location.href,
      title: window.document.title,
      referrer: window.document.referrer,
    }),
    shown: () => true,
    who: () => null,
    takeText: () => null,
    ending: () => null,
    tell() {},
    subscribe: () => () => {},
  }
}

/** Writes if the storage can: what it cannot hold, memory holds for this page. */
export function write(storage: Storage | null, key: string, text: string): void {
  try {
    storage?.setItem(key, text)
  } catch {
    // Full, or private mode.
  }
}

/** The window's storage of that name, or null where even reading it throws. */
export function storageOf(window: Window, name: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[name]
  } catch {
    return null
  }
}
