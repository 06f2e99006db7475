import type * as Y from 'yjs'
import { ENTRIES, STAMPS } from './wire.ts'

/**
 * A ledger document as a device holds it: a Yjs document with the two roots `entries` and `stamps`. Nothing here
 * writes but `append`, which sets a key once.
 */

/** A stamp as it stands in a document: the entry's id and server time in ms. Its index is the order. */
export type StampPair = [entry: string, at: number]

/** The stamps of a document, in order of acceptance. */
export function stampsOf(doc: Y.Doc): StampPair[] {
  return doc.getArray<StampPair>(STAMPS).toArray()
}

/** Of the stamps from an index on, the first whose entry the document does not hold; null: it holds them all. */
export function entryMissing(doc: Y.Doc, from: number): string | null {
  const texts = textsOf(doc)
  const missing = doc
    .getArray<StampPair>(STAMPS)
    .slice(from)
    .find(([id]) => !texts.has(id))
  return missing?.[0] ?? null
}

/** The texts of a document's entries by id, stamped or not. */
export function textsOf(doc: Y.Doc): Y.Map<string> {
  return doc.getMap<string>(ENTRIES)
}

/**
 * Puts an entry's canonical text under its id, in one transaction, and says whether it was missing. A key is never set
 * twice: two structs under one key make Yjs delete one, and a document with a deletion is refused by every relay.
 */
export function append(doc: Y.Doc, id: string, text: string, origin: unknown): boolean {
  const texts = textsOf(doc)
  if (texts.has(id)) return false
  doc.transact(() => texts.set(id, text), origin)
  return true
}
