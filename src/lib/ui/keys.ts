import { m } from '#texts'
import { isApple } from './platform.ts'

/**
 * Keys as the table of commands writes them: the names of `KeyboardEvent.key`, one stroke or several after each other.
 * `j`, `Escape`, `mod+Shift+Enter`, `g m`. `mod` is Cmd on Apple's keyboards and Ctrl elsewhere.
 */
export type Keys = string

/** What a stroke wants held down; null: it may be, as a `?` needs Shift on some keyboards and not on others. */
interface Stroke {
  key: string
  mod: boolean
  shift: boolean | null
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The strokes of keys, in their order. */
export function strokesOf(keys: Keys): string[] {
  return keys.split(' ')
}

/** Whether an event is this stroke, and nothing more is held down. */
export function isStroke(stroke: string, event: Pressed, apple = isApple): boolean {
  const { key, mod, shift } = parse(stroke)
  if (event.altKey || (apple ? event.ctrlKey : event.metaKey)) return false
  if ((apple ? event.metaKey : event.ctrlKey) !== mod) return false
  if (shift !== null && event.shiftKey !== shift) return false
  // Caps Lock is no Shift.
  return key.length === 1 ? event.key.toLowerCase() === key : event.key === key
}

/** Whether keys can be hit by accident, or by a voice that is misheard: letters and signs alone (WCAG 2.1.4). */
export function areCharacters(keys: Keys): boolean {
  return strokesOf(keys).every((stroke) => stroke.length === 1)
}

/** How keys are written on this platform's keyboards: the keys of each stroke. `[['⌘', 'K']]`, `[['G'], ['M']]`. */
export function keysShown(keys: Keys, apple = isApple): string[][] {
  return strokesOf(keys).map((stroke) => stroke.split('+').map((key) => shown(key, apple)))
}

/** The same in one line, for titles: `Ctrl+K`, `G M`. */
export function keysInWords(keys: Keys, apple = isApple): string {
  return keysShown(keys, apple)
    .map((stroke) => stroke.join(apple ? '' : '+'))
    .join(' ')
}

/** The value of `aria-keyshortcuts`, which knows no keys after each other: null for those. */
export function ariaKeys(keys: Keys, apple = isApple): string | null {
  return strokesOf(keys).length > 1 ? null : keys.replace('mod', apple ? 'Meta' : 'Control')
}

function parse(stroke: string): Stroke {
  const held = stroke.split('+')
  const key = held.pop() ?? ''
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase()
  return { key, mod: held.includes('mod'), shift: isSign ? null : held.includes('Shift') }
}

function shown(key: string, apple: boolean): string {
  switch (key) {
    case 'mod':
      return apple ? '⌘' : m.keys_ctrl()
    case 'Shift':
      return apple ? '⇧' : m.keys_shift()
    case 'Enter':
      return apple ? '↩' : m.keys_enter()
    case 'Escape':
      return m.keys_escape()
    case 'Home':
      return m.keys_home()
    case 'End':
      return m.keys_end()
    case 'ArrowUp':
      return '↑'
    case 'ArrowDown':
      return '↓'
    default:
      return key.toUpperCase()
  }
}
