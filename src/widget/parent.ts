import { readKept, readPage, seal, unseal, type Kept, type Page, type ToLoader } from './protocol.ts'

/** Where the app runs: in a website's frame, or as a page of its own. */
export interface Place {
  /** Whether there is a launcher that can close the panel. */
  readonly framed: boolean
  kept(): Kept | null
  keep(kept: Kept | null): void
  page(): Page
  /** Whether the panel is on the screen. */
  shown(): boolean
  tell(message: ToLoader): void
  /** Calls back when the panel was shown or hidden, or when another tab has changed what is kept. */
  subscribe(listener: () => void): () => void
}

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
  let page: Page = { url: '', title: '', referrer: '' }
  let shown = false
  const tell = (message: ToLoader) => parent.postMessage(seal(message), expected)

  return new Promise((resolve) => {
    window.addEventListener('message', (event: MessageEvent) => {
      if (event.source !== parent || event.origin !== expected) return
      const message = unseal(event.data)
      if (message === null) return
      if (message.is === 'start' || message.is === 'kept') kept = readKept(message.kept)
      if (message.is === 'start' || message.is === 'shown') page = readPage(message.page)
      if (message.is === 'shown' || message.is === 'hidden') shown = message.is === 'shown'
      if (message.is === 'start') resolve(place)
      for (const listener of listeners) listener()
    })
    const place: Place = {
      framed: true,
      kept: () => kept,
      keep(next) {
        kept = next
        tell({ is: 'keep', kept })
      },
      page: () => page,
      shown: () => shown,
      tell,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    tell({ is: 'hello' })
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
    page: () => ({ url: window.location.href, title: window.document.title, referrer: window.document.referrer }),
    shown: () => true,
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
