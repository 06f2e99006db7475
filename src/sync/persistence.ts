import { fetchUpdates, IndexeddbPersistence } from 'y-indexeddb'
import type * as Y from 'yjs'
import type { Environment } from '#sync/environment.ts'

/** How long y-indexeddb may take to load a document, in ms, before the device goes on without it. */
const LOAD_WITHIN = 5_000

/** A document's copy on the disk. */
export interface Persistence {
  /** Resolves when the copy is in the document, or when it is clear that it will not come. Never rejects. */
  loaded: Promise<void>
  /** Takes in what other tabs have written since. */
  refresh(): Promise<void>
  close(): Promise<void>
}

export const NO_PERSISTENCE: Persistence = { loaded: Promise.resolve(), refresh: async () => {}, close: async () => {} }

/**
 * Keeps a document in y-indexeddb, and notices what y-indexeddb does not: a database that never opens (private mode),
 * is taken away (then y-indexeddb would throw into the document's own transactions), or refuses to write.
 *
 * @param failed called once if nothing is kept from here on
 */
export function keepDocument(
  name: string,
  doc: Y.Doc,
  { after }: Pick<Environment, 'after'>,
  failed: () => void,
): Persistence {
  const persistence = new IndexeddbPersistence(name, doc)
  let settle = () => {}
  const loaded = new Promise<void>((resolve) => (settle = resolve))
  let ended = false
  const end = async () => {
    ended = true
    settle()
    const closed = persistence.destroy().catch(() => {})
    // A database that has not opened yet may never do so; it closes itself if it does.
    if (persistence.db !== null) await closed
  }
  const fail = () => {
    if (ended) return
    void end()
    failed()
  }
  const opened = persistence._db.then((db) => {
    for (const type of ['versionchange', 'close', 'abort']) db.addEventListener(type, fail)
  })
  const cancel = after(LOAD_WITHIN, fail)
  void loaded.then(cancel)
  void persistence.whenSynced.then(() => settle())
  opened.catch(fail)
  return {
    loaded,
    async refresh() {
      if (ended || persistence.db === null) return
      try {
        await fetchUpdates(persistence)
      } catch {
        fail()
      }
    },
    close: end,
  }
}
