import type * as Y from 'yjs'
import { stampsOf, textsOf } from '#conversation/document.ts'
import { readEntry, type Entry, type UnknownEntry } from '#conversation/entries.ts'
import type { Principal } from '#conversation/ids.ts'
import type { LedgerKind } from '#conversation/rooms.ts'
import type { Stamp } from '#conversation/summary.ts'
import type { FoldEntry } from '#conversation/view.ts'

/** What stands in a ledger document, read once after each change. */
export interface Reading {
  /** In order of their stamps. */
  stamped: FoldEntry[]
  /** Own entries without a stamp, in order of writing. Other people's have theirs on the way, and are left out. */
  unstamped: FoldEntry[]
  stamps: ReadonlyMap<string, Stamp>
}

/** Reads ledger documents, and remembers what each entry parses to: an entry's text never changes. */
export class Reader {
  readonly #ledger: LedgerKind
  readonly #principal: Principal
  readonly #parsed = new Map<string, { text: string; entry: Entry | UnknownEntry | null }>()

  constructor(ledger: LedgerKind, principal: Principal) {
    this.#ledger = ledger
    this.#principal = principal
  }

  read(doc: Y.Doc): Reading {
    const texts = textsOf(doc)
    const stamps = new Map<string, Stamp>()
    const stamped: FoldEntry[] = []
    for (const [index, [id, at]] of stampsOf(doc).entries()) {
      const stamp = { index, at }
      stamps.set(id, stamp)
      const entry = this.parse(id, texts.get(id))
      if (entry !== null) stamped.push({ ledger: this.#ledger, id, entry, stamp })
    }
    const unstamped: FoldEntry[] = []
    for (const [id, text] of texts.entries()) {
      if (stamps.has(id)) continue
      const entry = this.parse(id, text)
      if (entry?.by === this.#principal) unstamped.push({ ledger: this.#ledger, id, entry, stamp: null })
    }
    unstamped.sort((a, b) => a.entry.at - b.entry.at)
    return { stamped, unstamped, stamps }
  }

  /** What the text says; null if it is nothing that a ledger holds. */
  parse(id: string, text: string | undefined): Entry | UnknownEntry | null {
    if (text === undefined) return null
    const known = this.#parsed.get(id)
    if (known?.text === text) return known.entry
    const entry = readEntry(this.#ledger, text)
    this.#parsed.set(id, { text, entry })
    return entry
  }
}
