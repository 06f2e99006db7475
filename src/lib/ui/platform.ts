/** Whether Cmd is what Ctrl is elsewhere. */
export const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** How a key of the shortcut table is written on this platform's keyboards, one word a key. */
export function keysShown(shown: string): string[] {
  return shown.split(' ').map((key) => (key === 'mod' ? (isApple ? '⌘' : 'Ctrl') : key))
}
