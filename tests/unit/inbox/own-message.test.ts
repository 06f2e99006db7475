import { bodyFromText, type Body } from '#conversation/body.ts'
import type { MessageItem } from '#conversation/view.ts'
import { expect, test } from 'vitest'
import { isOwnMessage, isPlain, lastEditable, textOf } from '../../../src/lib/thread/own-message.ts'

const ME = 'agent:01HZZZZZZZZZZZZZZZZZZZZZZA'
const OTHER = 'agent:01HZZZZZZZZZZZZZZZZZZZZZZB'

function message(over: Partial<MessageItem> = {}): MessageItem {
  const body: Body = bodyFromText('Hello') ?? { type: 'doc', content: [] }
  const common = { type: 'message', id: 'A', by: ME, writtenAt: 1, stamp: null, refused: null } as const
  return { ...common, body, edited: null, retracted: false, crossed: null, ...over }
}

test('what was typed comes back into the field as it was typed', () => {
  for (const text of ['One line', 'Two\nlines', 'Two\n\nparagraphs', 'See https://example.com/a, please']) {
    const body = bodyFromText(text)
    if (body === null) throw new Error('no body')
    expect(textOf(body)).toBe(text)
    expect(isPlain(message({ body }))).toBe(true)
  }
})

test('a message with more than plain words is not edited in a plain field', () => {
  const marks = [{ type: 'bold' as const }]
  const body: Body = {
    type: 'doc',
    content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Loud', marks }] }],
  }
  expect(isPlain(message({ body }))).toBe(false)
  expect(lastEditable([message({ body })], ME)).toBeNull()
})

test('only what is one’s own, stands, and was not refused can be changed', () => {
  expect(isOwnMessage(message(), ME)).toBe(true)
  expect(isOwnMessage(message({ by: OTHER }), ME)).toBe(false)
  expect(isOwnMessage(message({ retracted: true }), ME)).toBe(false)
  expect(isOwnMessage(message({ refused: 'too long' }), ME)).toBe(false)
})

test('the arrow up takes the newest of one’s own, not what others wrote after it', () => {
  const timeline = [message({ id: 'A' }), message({ id: 'B' }), message({ id: 'C', by: OTHER })]
  expect(lastEditable(timeline, ME)?.id).toBe('B')
  expect(lastEditable([message({ by: OTHER })], ME)).toBeNull()
})
