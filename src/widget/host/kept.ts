import type { Kept, Look } from '../protocol.ts'

/** What the host page holds between visits, under one key per inbox. */

export interface Keeper {
  readonly key: string
  /** Read anew each time: another tab may have changed it. */
  get(): (Kept & { look?: Look }) | null
  /** Null forgets the visitor. The look is kept with them only: who has never written leaves nothing on the device. */
  set(kept: Kept | null, look: Look): void
}

/** Where the browser blocks localStorage (cookies off, sandboxed frames) or it is full, memory serves this page. */
export function createKeeper(inbox: string): Keeper {
  const key = `parley:${inbox}`
  let memory: string | null = null

  return {
    key,
    get() {
      try {
        // The text is what `set` wrote, or a page's own doing: the app checks its fields (parent.ts).
        return JSON.parse(memory ?? (localStorage[key] as string | undefined) ?? 'null') as Kept | null
      } catch {
        return null
      }
    },
    set(kept, look) {
      const text = kept && JSON.stringify({ ...kept, look })
      memory = null
      try {
        if (text) localStorage[key] = text
        else delete localStorage[key]
      } catch {
        memory = text
      }
    },
  }
}
