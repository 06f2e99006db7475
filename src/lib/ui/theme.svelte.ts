import { browserKept } from './kept.ts'

/** `system` follows prefers-color-scheme. */
export type Theme = 'system' | 'light' | 'dark'

// static/early.js reads the same key before the first paint.
const KEY = 'parley.theme'

class ThemeChoice {
  #chosen = $state<Theme>(read())

  get chosen(): Theme {
    return this.#chosen
  }

  /** Sets the theme, now and for the next visits. */
  choose(theme: Theme): void {
    this.#chosen = theme
    browserKept.write(KEY, theme === 'system' ? null : theme)
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }
}

function read(): Theme {
  const kept = browserKept.read(KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export const theme = new ThemeChoice()
