import { m } from '#texts'

/** Whether Cmd is what Ctrl is elsewhere. */
export const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** How a key of the shortcut table is written on this person's keyboard, one word a key. */
export function keysShown(shown: string): string[] {
  return shown.split(' ').map((key) => NAMES[key]?.() ?? key)
}

const NAMES: Record<string, () => string> = {
  mod: () => (isApple ? '⌘' : m.keys_ctrl()),
  Shift: () => m.keys_shift(),
  Enter: () => m.keys_enter(),
  Esc: () => m.keys_escape(),
}
