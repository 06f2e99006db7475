/**
 * Small things that the browser keeps for this person (theme, folded panes, unsent texts). Private mode and blocked
 * storage throw on every access; then nothing is kept, and nothing breaks.
 */
export interface Kept {
  read(key: string): string | null
  /** Null removes the key. */
  write(key: string, value: string | null): void
  /** The keys that begin with this. */
  keys(prefix: string): string[]
}

/** What localStorage keeps, over reloads and for all tabs. */
export const browserKept: Kept = {
  read(key) {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  },
  write(key, value) {
    try {
      if (value === null) localStorage.removeItem(key)
      else localStorage.setItem(key, value)
    } catch {
      // Blocked or full: the value lives as long as the page does.
    }
  },
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix))
    } catch {
      return []
    }
  },
}

/** The same, with everything under a prefix of its own. */
export function keptUnder(prefix: string, kept: Kept = browserKept): Kept {
  return {
    read: (key) => kept.read(prefix + key),
    write: (key, value) => kept.write(prefix + key, value),
    keys: (start) => kept.keys(prefix + start).map((key) => key.slice(prefix.length)),
  }
}
