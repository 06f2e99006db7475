import { canonicalText } from './canonical.ts'
import { parseEntry, type Entry, type Erased } from './entries.ts'
import type { LedgerKind } from './rooms.ts'

/**
 * Erasing an entry, decided without a database: which entries lose their words, and what stands in their place. All
 * else about them stays: id, place, author and time (SPEC E8 to E10).
 */

export interface Held {
  id: string
  entry: Entry
}

/** What stands in place of an entry that is erased, or null for kinds that hold no words of anybody's. */
export function erasedForm({ kind, by, at }: Entry): Erased | null {
  switch (kind) {
    case 'message':
    case 'edited':
    case 'retracted':
    case 'identified':
    case 'rated':
    case 'transcript':
    case 'comment':
      return { kind: 'erased', by, at, was: kind }
    default:
      return null
  }
}

/** Canonical JSON of what stands in an erased entry's place. */
export function erasedText({ kind, by, at, was }: Erased): string {
  return canonicalText({ kind, by, at, was })
}

/** Whether an entry's canonical text is what `erasedText` puts in place of another. */
export function isErasedText(text: string): boolean {
  return text.startsWith('{"kind":"erased"')
}

/**
 * The entries of one ledger that are erased together with the named one: with a message all that changes it, with a
 * visitor's details the transcripts that name their address. Null: the id is unknown; a text: why it cannot be.
 */
export function erasedWith(ledger: readonly Held[], id: string): Held[] | string | null {
  const named = ledger.find((each) => each.id === id)
  if (named === undefined) return null
  const { entry } = named
  if (entry.kind === 'erased') return []
  if (entry.kind === 'edited' || entry.kind === 'retracted') return 'a change is erased with the message that it names'
  if (erasedForm(entry) === null) return `${entry.kind} holds no words to erase`
  const repeats = (other: Entry): boolean => {
    if (other.kind === 'edited' || other.kind === 'retracted') return other.entry === id
    return entry.kind === 'identified' && other.kind === 'transcript' && other.to !== null && other.to === entry.email
  }
  return ledger.filter((each) => each.id === id || repeats(each.entry))
}

/** Whether an entry is a message, or was one before its words were erased. */
export function isMessage(entry: { kind: string; was?: string }): boolean {
  return entry.kind === 'message' || (entry.kind === 'erased' && entry.was === 'message')
}

/** Parses what must be an entry of the ledger: it was let in by the gate. */
export function parseHeld(ledger: LedgerKind, id: string, text: string): Held {
  const parsed = parseEntry(ledger, text)
  if (!parsed.ok) throw new Error(`Entry ${id} cannot be read: ${parsed.reason}. A newer build may have written it.`)
  return { id, entry: parsed.entry }
}
