import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyFromText, isVisitorBody, MAX_BODY_TEXT, plainText } from '#conversation/body.ts'
import { canonicalText, MAX_ENTRY_BYTES, readCanonical, utf8Length } from '#conversation/canonical.ts'
import { parseEntry, readEntry } from '#conversation/entries.ts'
import { createUlid, idOf, isPrincipal, isUlid, roleOf } from '#conversation/ids.ts'
import { parseRoom, roomName } from '#conversation/rooms.ts'
import { ada, body, testIds } from '../../support/conversations.ts'

const at = 1_760_000_000_000
const message = (more: object = {}) => ({ kind: 'message', by: ada, at, channel: 'chat', body: body('Hello'), ...more })

describe('canonical text', () => {
  test('[E1] every JSON object that is written canonically is read back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
        const text = canonicalText(value)
        const read = readCanonical(text)
        if (text.includes('"__proto__"')) return
        expect(read).toMatchObject(utf8Length(text) > MAX_ENTRY_BYTES ? { ok: false } : { ok: true })
      }),
    )
  })

  test.each([
    ['[E1] a doubled key', '{"a":1,"a":2}'],
    ['[E1] white space', '{"a": 1}'],
    ['[E1] a needless escape', '{"a":"\\u0041"}'],
    ['[E1] another spelling of a number', '{"a":1.0}'],
    ['[E1] not an object', '[1]'],
    ['[E1] cut off', '{"a":'],
    ['[E2] U+0000', '{"a":"\\u0000"}'],
    ['[E2] a lone surrogate, escaped', '{"a":"\\ud800"}'],
    ['[E2] a lone surrogate, raw', '{"a":"\ud800"}'],
    ['[E2] a lone surrogate in a key', '{"\\udfff":1}'],
    ['[E2] __proto__', '{"__proto__":{"a":1}}'],
    ['[E2] __proto__ further in', '{"a":[{"__proto__":1}]}'],
    ['[E3] 33 levels', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`],
    ['[E3] 200,000 levels', `{"a":${'['.repeat(200_000)}`],
  ])('%s is refused', (_title, text) => {
    expect(readCanonical(text).ok).toBe(false)
  })

  test('[E2] what only looks like an escape is honest text', () => {
    for (const words of ['\\ud800', '\\u0000', '😀']) {
      const text = canonicalText({ words })
      expect(readCanonical(text).ok, text).toBe(true)
    }
  })

  test.each([0, 1])('[E3] 32 levels and %d more', (more) => {
    const text = `{"a":${'['.repeat(31 + more)}${']'.repeat(31 + more)}}`
    expect(readCanonical(text).ok).toBe(more === 0)
  })

  test.each([0, 1])('[E3] 16,384 bytes and %d more', (more) => {
    const text = JSON.stringify({ a: 'é'.repeat((MAX_ENTRY_BYTES - 8) / 2) + 'x'.repeat(more) })
    expect(utf8Length(text)).toBe(MAX_ENTRY_BYTES + more)
    expect(readCanonical(text).ok).toBe(more === 0)
  })

  test('[E3] bytes are counted as an encoder would', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
      }),
    )
  })
})

describe('schemas', () => {
  const parse = (entry: object, ledger: 'thread' | 'team' = 'thread') => parseEntry(ledger, JSON.stringify(entry))

  test('[E4] a message in the thread passes, and in the team does not', () => {
    expect(parse(message()).ok).toBe(true)
    expect(parse(message(), 'team')).toEqual({ ok: false, reason: 'unknown kind in the team' })
  })

  test.each([
    ['an unknown kind', { ...message(), kind: 'sparkled' }],
    ['a kind that every object has', { ...message(), kind: 'constructor' }],
    ['an unknown key', message({ html: '<b>' })],
    ['a missing key', { kind: 'message', by: ada, at }],
    ['a fraction of a millisecond', message({ at: 1.5 })],
    ['a principal that is none', message({ by: 'agent:ada' })],
    ['identified with nothing', { kind: 'identified', by: ada, at }],
    ['a broken address', { kind: 'identified', by: ada, at, email: 'nobody' }],
    ['an address with a line break', { kind: 'identified', by: ada, at, email: 'a@example.com\nBcc: b@example.com' }],
    ['a score of 6', { kind: 'rated', by: ada, at, score: 6 }],
    ['an empty body', message({ body: { type: 'doc', content: [{ type: 'paragraph' }] } })],
    [
      'a body of white space',
      message({
        body: body('x') && { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: ' ' }] }] },
      }),
    ],
  ])('[E4] %s is refused', (_title, entry) => {
    expect(parse(entry).ok).toBe(false)
  })

  test.each([0, 1])('[E3] a body of 4,000 units and %d more', (more) => {
    expect(parse(message({ body: body('x'.repeat(MAX_BODY_TEXT + more)) })).ok).toBe(more === 0)
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//example.com',
    'https://example.com/a b',
    ' https://x.example',
  ])('[E5] a link to %s is refused', (href) => {
    const content = [{ type: 'text', text: 'x', marks: [{ type: 'link', attrs: { href } }] }]
    expect(parse(message({ body: { type: 'doc', content: [{ type: 'paragraph', content }] } })).ok).toBe(false)
  })

  test('[E6] a newer kind can still be read', () => {
    expect(readEntry('team', JSON.stringify({ kind: 'sparkled', by: ada, at, more: 1 }))).toEqual({
      kind: 'unknown',
      named: 'sparkled',
      by: ada,
      at,
    })
    expect(readEntry('team', '{"kind":"sparkled"}')).toBeNull()
  })
})

describe('bodies', () => {
  test('[A8] whatever is typed becomes a body that a visitor may write, with the same words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (typed) => {
        const made = bodyFromText(typed)
        if (made === null) return
        expect(isVisitorBody(made)).toBe(true)
        const text = canonicalText({ kind: 'message', by: ada, at, channel: 'chat', body: made })
        expect(parseEntry('thread', text)).toMatchObject({ ok: true })
        const words = typed.toWellFormed().replaceAll('\u0000', '').replaceAll('\r\n', '\n').trim()
        expect(plainText(made)).toBe(words.replaceAll(/\n{2,}/g, '\n'))
      }),
    )
  })

  test('[E5] web addresses in typed text become links, without the full stop after them', () => {
    expect(bodyFromText('See https://example.com/a?b=1. Bye')).toEqual({
      type: 'doc',
      content: [
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'See ' },
            {
              type: 'text',
              text: 'https://example.com/a?b=1',
              marks: [{ type: 'link', attrs: { href: 'https://example.com/a?b=1' } }],
            },
            { type: 'text', text: '. Bye' },
          ],
        },
      ],
    })
  })
})

describe('names', () => {
  test('[E4] ulids and principals have one form', () => {
    // The example of the ULID specification.
    const id = createUlid(testIds(1_469_918_176_385))
    expect(isUlid(id)).toBe(true)
    expect(id.slice(0, 10)).toBe('01ARYZ6S41')
    expect(isUlid(id.toLowerCase())).toBe(false)
    expect(isPrincipal(`agent:${id}`)).toBe(true)
    expect(isPrincipal(`admin:${id}`)).toBe(false)
    expect([roleOf(ada), roleOf('system'), idOf('system')]).toEqual(['agent', 'system', 'system'])
  })

  test('[A3] a room has one name, and other names are no rooms', () => {
    const conversation = createUlid(testIds())
    for (const kind of ['thread', 'team'] as const) {
      expect(parseRoom(roomName({ kind, conversation }))).toEqual({ kind, conversation })
    }
    for (const name of [
      '',
      'thread',
      `conversation/${conversation}`,
      `conversation/${conversation}/thread/`,
      `conversation/x/team`,
      `conversation/${conversation}/draft`,
    ]) {
      expect(parseRoom(name), name).toBeNull()
    }
  })
})
