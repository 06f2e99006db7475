import { beforeAll, describe, expect, test } from 'vitest'
import { speak } from '#texts'
import type { Command } from '#ui/commands.svelte.ts'
import { areCharacters, ariaKeys, isStroke, keysInWords, keysShown } from '#ui/keys.ts'
import { positionIn, scrollAfter } from '#ui/list-position.ts'
import { find, Recent, type ChoiceGroup } from '#ui/palette.ts'
import { KEYS as WRITING_KEYS, WRITE_COMMANDS } from '../../../src/lib/composer/commands.ts'
import { LIST_COMMANDS, VIEW_COMMANDS } from '../../../src/lib/inbox/commands.ts'
import { APP_COMMANDS, PAGE_COMMANDS } from '../../../src/lib/shell/commands.ts'
import { CONVERSATION_COMMANDS, EDIT_KEYS, KEYS as THREAD_KEYS } from '../../../src/lib/thread/commands.ts'

beforeAll(() => speak('en'))

const nothing = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const hit = (key: string, held: Partial<typeof nothing> = {}) => ({ ...nothing, ...held, key })

describe('keys', () => {
  test('a letter is itself, with Caps Lock too, and nothing held down', () => {
    expect(isStroke('j', hit('j'), false)).toBe(true)
    expect(isStroke('j', hit('J'), false)).toBe(true)
    for (const held of ['ctrlKey', 'metaKey', 'altKey', 'shiftKey'] as const) {
      expect(isStroke('j', hit('j', { [held]: true }), false), held).toBe(false)
    }
  })

  test('a sign is itself, however the keyboard makes it', () => {
    expect(isStroke('?', hit('?', { shiftKey: true }), false)).toBe(true)
    expect(isStroke('?', hit('?'), false)).toBe(true)
    expect(isStroke('?', hit('?', { altKey: true }), false)).toBe(false)
  })

  test('mod is Cmd on a Mac, Ctrl elsewhere, and never the other one', () => {
    expect(isStroke('mod+k', hit('k', { ctrlKey: true }), false)).toBe(true)
    expect(isStroke('mod+k', hit('k', { metaKey: true }), false)).toBe(false)
    expect(isStroke('mod+k', hit('k', { metaKey: true }), true)).toBe(true)
    expect(isStroke('mod+k', hit('k', { ctrlKey: true }), true)).toBe(false)
    expect(isStroke('mod+Shift+Enter', hit('Enter', { ctrlKey: true, shiftKey: true }), false)).toBe(true)
    expect(isStroke('mod+Enter', hit('Enter', { ctrlKey: true, shiftKey: true }), false)).toBe(false)
    expect(isStroke('Enter', hit('Enter', { shiftKey: true }), false)).toBe(false)
  })

  test('they are written as the platform has them', () => {
    expect(keysShown('mod+Shift+Enter', true)).toEqual([['⌘', '⇧', '↩']])
    expect(keysShown('mod+Shift+Enter', false)).toEqual([['Ctrl', 'Shift', 'Enter']])
    expect(keysShown('g m', false)).toEqual([['G'], ['M']])
    expect([keysInWords('mod+k', false), keysInWords('mod+k', true), keysInWords('g m')]).toEqual([
      'Ctrl+K',
      '⌘K',
      'G M',
    ])
    expect([ariaKeys('mod+k', false), ariaKeys('mod+k', true), ariaKeys('e'), ariaKeys('g m')]).toEqual([
      'Control+k',
      'Meta+k',
      'e',
      null,
    ])
  })

  test('only letters and signs alone can be hit by accident', () => {
    expect(['j', '?', 'g m'].every(areCharacters)).toBe(true)
    expect(['mod+k', 'Escape', 'Enter'].some(areCharacters)).toBe(false)
  })
})

describe('the table of commands', () => {
  const table: Command[] = [
    ...[LIST_COMMANDS, VIEW_COMMANDS, PAGE_COMMANDS, APP_COMMANDS, WRITE_COMMANDS, CONVERSATION_COMMANDS].flat(),
    ...[WRITING_KEYS, THREAD_KEYS, EDIT_KEYS].flatMap((keys) => Object.values(keys)),
  ]

  test('every command has an id of its own and words', () => {
    expect(new Set(table.map(({ id }) => id)).size).toBe(table.length)
    for (const { id, name } of table) expect(name(), id).not.toBe('')
  })

  test('no two commands of the page have the same keys, and none begins as another one is', () => {
    const keys = table.filter(({ where }) => where !== 'field').flatMap((command) => command.keys)
    expect(new Set(keys).size).toBe(keys.length)
    for (const each of keys) expect(keys.filter((other) => other.startsWith(`${each} `))).toEqual([])
  })
})

describe('the palette', () => {
  const run = () => {}
  const groups: ChoiceGroup[] = [
    {
      name: 'Commands',
      choices: [
        { id: 'reply', name: 'Write a reply', run },
        { id: 'close', name: 'Close the conversation', run },
      ],
    },
    {
      name: 'Conversations',
      most: 2,
      choices: [
        { id: 'c1', name: 'Émile Zola', note: 'Is the red lamp back?', run },
        { id: 'c2', name: 'Priya Nair', note: 'My parcel is lost', run },
        { id: 'c3', name: 'Lamp Shop', note: 'Hello', run },
        { id: 'c4', name: 'Bo Lamprecht', note: '', run },
      ],
    },
  ]
  const ids = (query: string, recent: string[] = []) =>
    find(groups, query, { name: 'Recent', ids: recent }).map(({ name, choices }) => [
      name,
      ...choices.map(({ id }) => id),
    ])

  test('without a query: what was chosen last, then the commands; conversations are too many', () => {
    expect(ids('')).toEqual([['Commands', 'reply', 'close']])
    expect(ids('', ['c2', 'close', 'gone'])).toEqual([
      ['Recent', 'c2', 'close'],
      ['Commands', 'reply'],
    ])
  })

  test('names count more than words, beginnings more than middles, and no more are found than can be looked over', () => {
    expect(ids('lamp')).toEqual([['Conversations', 'c3', 'c4']])
    expect(ids('parcel')).toEqual([['Conversations', 'c2']])
  })

  test('all the words are asked for, in any order, without accents and capitals', () => {
    expect(ids('zola EMILE')).toEqual([['Conversations', 'c1']])
    expect(ids('zola parcel')).toEqual([])
  })

  test('the best group stands first', () => {
    expect(ids('close')[0]).toEqual(['Commands', 'close'])
    expect(ids('l', ['c3'])[0]?.[0]).toBe('Conversations')
  })

  test('what was chosen last is kept for one person, and wiped with the rest', () => {
    const map = new Map<string, string>()
    const kept = {
      read: (key: string) => map.get(key) ?? null,
      write: (key: string, value: string | null) => void (value === null ? map.delete(key) : map.set(key, value)),
      keys: () => [...map.keys()],
    }
    const recent = new Recent(kept, 'agent:1')
    for (const id of ['a', 'b', 'a', 'c', 'd', 'e', 'f']) recent.add(id)
    expect(recent.ids).toEqual(['f', 'e', 'd', 'c', 'a'])
    expect(new Recent(kept, 'agent:2').ids).toEqual([])
    recent.wipe()
    expect(map.size).toBe(0)
  })
})

describe('a list keeps its place', () => {
  const ROW = 60
  /** Rows of one height, in a window of ten. */
  const list = (offset: number) => ({
    findItemIndex: (at: number) => Math.floor(at / ROW),
    getItemOffset: (index: number) => index * ROW,
    getItemSize: () => ROW,
    getScrollOffset: () => offset,
    getViewportSize: () => 10 * ROW,
  })
  const ids = Array.from({ length: 100 }, (_, index) => `c${index}`)
  const places = (order: string[]) => new Map(order.map((id, index) => [id, index]))

  test('at its beginning it stays there: what is new is to be seen', () => {
    const before = positionIn(list(0), ids, null)
    expect(scrollAfter(list(0), before, places(['new', ...ids]), null)).toBeNull()
  })

  test('further down, what arrives above moves nothing', () => {
    const before = positionIn(list(20 * ROW + 7), ids, null)
    expect(scrollAfter(list(20 * ROW + 7), before, places(['new', ...ids]), null)).toBe(21 * ROW + 7)
  })

  test('the open conversation stays in sight if it was, wherever it goes', () => {
    const order = ['c25', ...ids.filter((id) => id !== 'c25')]
    const seen = positionIn(list(20 * ROW), ids, 'c25')
    expect(scrollAfter(list(20 * ROW), seen, places(order), 'c25')).toBe(0)
    const scrolledAway = positionIn(list(40 * ROW), ids, 'c25')
    expect(scrollAfter(list(40 * ROW), scrolledAway, places(order), 'c25')).toBe(40 * ROW)
  })
})
