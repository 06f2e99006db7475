import type { Principal } from '#conversation/ids.ts'

/** An entry that its author saw on the screen, so that it must not be lost. */
export interface Written {
  by: Principal
  conversation: string
  /** The message that it changes. */
  names?: string
}

/** What people wrote, and what a backup put back may have cost of it. */
export class Book {
  /** By entry id. */
  readonly written = new Map<string, Written>()
  /** By a word of their own, and by id once that is erased: entries whose author's tab was killed before it showed them. They are there, or not. */
  readonly unsure = new Map<string, Principal>()
  /** Entries that a restore has cut off: stored once. */
  readonly cutOff = new Set<string>()
  /** Of those, what its author's device had not heard to be stored. */
  readonly unheard = new Set<string>()
  /** Entries that no device of their author held any more when they were in no database. */
  readonly mayBeLost = new Set<string>()
  /** Words of entries that were erased in this history of the database. */
  erasedWords = new Set<string>()
  /** Entries that were erased in any history: an author's device that has heard of it does not bring them back. */
  readonly erased = new Set<string>()
  #words = 0

  /** A word that stands in one text only, so that it can be looked for in bytes. */
  newWord(): string {
    return `w${String(++this.#words).padStart(6, '0')}q`
  }

  /** The entries of a principal that are not stored. */
  missing(by: Principal, stored: ReadonlySet<string>): string[] {
    return [...this.written].flatMap(([id, each]) => (each.by === by && !stored.has(id) ? [id] : []))
  }
}

/** The words of `newWord` in a text. */
export function wordsIn(text: string): string[] {
  return text.match(/w\d{6}q/g) ?? []
}
