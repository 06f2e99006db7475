import { beforeEach, describe, expect, test, vi } from 'vitest'
import { TypedAhead } from '#ui/typed-ahead.ts'

const hit = (key: string, held: Partial<Record<'ctrlKey' | 'altKey' | 'isComposing' | 'altGraph', boolean>> = {}) => ({
  key,
  ctrlKey: held.ctrlKey === true,
  metaKey: false,
  altKey: held.altKey === true,
  shiftKey: false,
  isComposing: held.isComposing === true,
  getModifierState: (name: string) => name === 'AltGraph' && held.altGraph === true,
})

describe('what is typed before there is a field', () => {
  const ahead = new TypedAhead(['mod+k'])
  const type = (...keys: string[]) => keys.map((key) => ahead.keep(hit(key)))

  beforeEach(() => {
    vi.stubGlobal('window', new EventTarget())
    ahead.take()
  })

  test('is kept, letter by letter, and given once', () => {
    ahead.begin()
    expect(type('d', 'o', 'Backspace', 'a', '👍', 'Backspace', ' ')).not.toContain(false)
    expect(ahead.take()).toEqual({ text: 'da ', end: null })
    expect(ahead.take()).toEqual({ text: '', end: null })
  })

  test('is kept only after it was asked for', () => {
    expect(type('e')).toEqual([false])
    ahead.begin()
    ahead.take()
    expect(type('e')).toEqual([false])
  })

  test('ends with Enter, with Escape, and with what asked for it; letters after that go nowhere', () => {
    const ends = [
      [hit('Enter'), 'Enter'],
      [hit('Escape'), 'Escape'],
      [hit('k', { ctrlKey: true }), 'Escape'],
    ] as const
    for (const [key, end] of ends) {
      ahead.begin()
      type('d')
      expect(ahead.keep(key)).toBe(true)
      expect(type('e', 'Tab')).toEqual([true, false])
      expect(ahead.take()).toEqual({ text: 'd', end })
    }
  })

  test('leaves the browser its own keys, and those of a composition', () => {
    ahead.begin()
    expect(ahead.keep(hit('r', { ctrlKey: true }))).toBe(false)
    expect(ahead.keep(hit('é', { isComposing: true }))).toBe(false)
    expect(type('Tab', 'ArrowDown', 'Shift')).toEqual([false, false, false])
    // Half of Europe types its @ with both held down.
    expect(ahead.keep(hit('@', { ctrlKey: true, altKey: true, altGraph: true }))).toBe(true)
    expect(ahead.take()).toEqual({ text: '@', end: null })
  })
})
