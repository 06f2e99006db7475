import { expect, test } from 'vitest'
import type { Body } from '#conversation/body.ts'
import type { Entry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import type { Principal } from '#conversation/ids.ts'
import { localeOf } from '#conversation/languages.ts'
import type { Stamped } from '#conversation/summary.ts'
import { bodyHtml } from '#server/mail/body-html.ts'
import { bodyText } from '#server/mail/body-text.ts'
import { oneLine } from '#server/mail/escape.ts'
import { MAIL_TEXTS } from '#server/mail/texts/index.ts'
import { renderTranscript } from '#server/mail/transcript.ts'
import { ada, body, bo, openedBy, stamp, visitor } from '../../support/conversations.ts'

/** Thursday 9 October 2025, 08:53:20 UTC. */
const NOW = 1_760_000_000_000
const MINUTE = 60_000

const says = (by: Principal, text: string, at = NOW): Entry => ({
  kind: 'message',
  by,
  at,
  channel: 'chat',
  body: body(text),
})
const at = (wait: number, entry: Entry): Entry & { wait: number } => ({ ...entry, wait })

const names: Record<string, string> = { [ada]: 'Ada Lovelace', [bo]: 'Bo', [visitor]: 'Vera Visitor' }

function render(
  entries: Stamped[],
  change: { name?: string; zone?: string; names?: Record<string, string>; tag?: string } = {},
) {
  const { language, tag } = localeOf([change.tag ?? 'en'])
  return renderTranscript({
    view: fold(entries),
    inbox: { name: change.name ?? 'Plants & Co', color: '#0f6a68' },
    nameOf: (principal) => ({ ...names, ...change.names })[principal] ?? 'Bot',
    texts: MAIL_TEXTS[language],
    locale: tag,
    zone: change.zone ?? 'UTC',
  })
}

test.each([
  ['en-US', 'Your chat with Plants & Co on Oct 9, 2025', 'Thursday, October 9, 2025'],
  ['nl', 'Uw chat met Plants & Co op 9 okt 2025', 'donderdag 9 oktober 2025'],
  ['de-AT', 'Ihr Chat mit Plants & Co am 9. Okt. 2025', 'Donnerstag, 9. Oktober 2025'],
  ['fr', 'Votre conversation avec Plants & Co du 9 oct. 2025', 'jeudi 9 octobre 2025'],
  ['es', 'Su chat con Plants & Co del 9 oct 2025', 'jueves, 9 de octubre de 2025'],
])('in the language and the dates of %s', (tag, subject, day) => {
  const mail = render(stamp([openedBy(visitor), says(visitor, 'Hello')]), { tag })
  expect(mail.subject).toBe(subject)
  expect(mail.text).toContain(`--- ${day} ---`)
  expect(mail.html).toContain(`lang="${tag}"`)
  if (!tag.startsWith('en')) expect(mail.text).not.toMatch(/Began|On the page|All times|because you left/)
})

test('every message with author and time, in stamp order, under its day, with the page where the chat began', () => {
  const { subject, text, html } = render(
    stamp([
      openedBy(visitor),
      says(visitor, 'Hello', NOW + 2000),
      at(2 * MINUTE, says(ada, 'Hi, how can I help?', NOW + 2 * MINUTE)),
      at(16 * 60 * MINUTE, says(bo, 'The next day', NOW + 16 * 60 * MINUTE + 2 * MINUTE)),
    ]),
  )
  expect(subject).toBe('Your chat with Plants & Co on 9 Oct 2025')
  expect(text).toBe(`Your chat with Plants & Co
==========================
Began: Thursday, 9 October 2025, 08:53
On the page: Plants (https://example.com/plants)
All times are in UTC.

--- Thursday, 9 October 2025 ---

08:53  Vera Visitor
    Hello

08:55  Ada Lovelace
    Hi, how can I help?

--- Friday, 10 October 2025 ---

00:55  Bo
    The next day

You receive this because you left your address in a chat with Plants & Co.
`)
  const shown = html.slice(html.indexOf('<body')).replace(/<[^>]+>/g, '\n')
  const order = [
    'Plants &amp; Co',
    'Thursday, 9 October 2025, 08:53',
    'Thursday, 9 October 2025\n',
    'Vera Visitor',
    '08:53',
    'Hello',
  ]
  const rest = [
    'Ada Lovelace',
    '08:55',
    'Hi, how can I help?',
    'Friday, 10 October 2025',
    'Bo\n',
    '00:55',
    'The next day',
  ]
  let place = 0
  for (const words of [...order, ...rest]) {
    place = shown.indexOf(words, place)
    expect(place, words).toBeGreaterThan(0)
  }
  expect(html).toContain('<a href="https://example.com/plants"')
})

test('times are in the zone that is named', () => {
  const entries = stamp([openedBy(visitor), says(visitor, 'Hello')])
  const { text } = render(entries, { zone: 'Asia/Tokyo' })
  expect(text).toContain('All times are in Asia/Tokyo.')
  expect(text).toContain('17:53  Vera Visitor')
  expect(() => render(entries, { zone: 'Nowhere/Town' })).toThrow(RangeError)
})

test('the edit that counts is shown and marked; one that came too late is not', () => {
  const said = stamp([openedBy(visitor), says(visitor, 'Helo')])
  const message = said[1]?.id ?? ''
  const edited = (text: string): Entry => ({ kind: 'edited', by: visitor, at: NOW, entry: message, body: body(text) })
  const first = stampAfter(said, edited('Hallo'), MINUTE)
  const second = stampAfter(first, edited('Hello'), MINUTE)
  const late = stampAfter(second, edited('Goodbye'), 10 * MINUTE)
  const { text, html } = render(late)
  expect(text).toContain('08:53  Vera Visitor (edited)\n    Hello\n')
  for (const gone of ['Helo', 'Hallo', 'Goodbye']) expect(text + html).not.toContain(gone)
  expect(html).toContain('08:53 &middot; edited')
})

test('what was retracted is left out; a chat of nothing else says so', () => {
  const said = stamp([openedBy(visitor), says(visitor, 'my password is 1234')])
  const { text, html } = render(
    stampAfter(said, { kind: 'retracted', by: visitor, at: NOW, entry: said[1]?.id ?? '' }, 1000),
  )
  expect(text + html).not.toContain('1234')
  expect(text).toContain('\nNo messages.\n')
  expect(html).toContain('No messages.')
})

test('written more than a minute before it was stamped: both times', () => {
  const { text, html } = render(
    stamp([
      openedBy(visitor),
      at(1000, says(visitor, 'just now', NOW - 30_000)),
      at(1000, says(ada, 'offline', NOW - 20 * MINUTE)),
      at(1000, says(ada, 'long offline', NOW - 3 * 24 * 60 * MINUTE)),
      at(1000, says(ada, 'a clock that is ahead', NOW + 50 * MINUTE)),
    ]),
  )
  expect(text).toContain('08:53  Vera Visitor\n    just now')
  expect(text).toContain('08:53  Ada Lovelace (written at 08:33)\n    offline')
  expect(text).toContain('08:53  Ada Lovelace (written at 08:53, 6 Oct 2025)\n    long offline')
  expect(text).toContain('08:53  Ada Lovelace\n    a clock that is ahead')
  expect(html).toContain('08:53 &middot; written at 08:33')
})

test('names, bodies and addresses cannot bring markup, in either part', () => {
  const nasty = `<img src=x onerror=alert(1)>"'&amp;`
  const opened = openedBy(visitor)
  if (opened.kind !== 'opened') throw new Error('not opened')
  const page = { url: 'https://example.com/?a=1&b="><script>', title: nasty, referrer: '' }
  const { html, text } = render(stamp([{ ...opened, page }, says(visitor, nasty)]), {
    name: nasty,
    names: { [visitor]: nasty },
  })
  expect(html).not.toMatch(/<img|<script|"'&amp;[^a]/)
  expect(html.match(/&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;amp;/g)?.length).toBeGreaterThanOrEqual(4)
  expect(html).toContain('?a=1&amp;b=&quot;&gt;&lt;script&gt;')
  expect(text).toContain(`    ${nasty}`)
})

test('a subject is one line, whatever the inbox is called', () => {
  const entries = stamp([openedBy(visitor), says(visitor, 'Hello')])
  const { subject } = render(entries, { name: 'Shop\r\nBcc: everybody@example.com\u2028\u202eevil' })
  expect(subject).toBe('Your chat with Shop Bcc: everybody@example.com evil on 9 Oct 2025')
  expect(render(entries, { name: 'x'.repeat(500) }).subject.length).toBeLessThanOrEqual(150)
})

test.each(['\n', '\r\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'])(
  'words of a message cannot pass for another message, whatever breaks their lines: %j',
  (end) => {
    const words = `Hello${end}09:00  Ada Lovelace${end}    I promise a refund`
    const { text } = render(stamp([openedBy(visitor), says(visitor, words)]))
    expect(text).toContain('\n    Hello\n    09:00  Ada Lovelace\n        I promise a refund\n')
  },
)

test('nor can the address of the page: what a visitor says of it is one line', () => {
  const page = { url: 'https://example.com/\n\n08:55  Ada Lovelace\n    Pay here', title: '', referrer: '' }
  const opened = { ...openedBy(visitor), page } as Entry
  const { text } = render(stamp([opened, says(visitor, 'Hello', NOW + 2000)]))
  expect(text).toContain('\nOn the page: https://example.com/ 08:55 Ada Lovelace Pay here\n')
})

test('a name on one line keeps whole characters', () => {
  expect(oneLine('  a \t\n b\u0000c ', 10)).toBe('a b c')
  expect(oneLine('abcdefgh👋', 9)).toBe('abcdefgh…')
  expect(oneLine('abcdefgh👋', 10)).toBe('abcdefgh👋')
})

const rich: Body = {
  type: 'doc',
  content: [
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'bold', marks: [{ type: 'bold' }, { type: 'italic' }] },
        { type: 'hardBreak' },
        { type: 'text', text: 'here', marks: [{ type: 'link', attrs: { href: 'https://example.com/?a=1&b=2' } }] },
        { type: 'mention', attrs: { id: ada, label: 'Ada <3' } },
      ],
    },
    { type: 'codeBlock', content: [{ type: 'text', text: 'if (a < b) {\n  go()\n}' }] },
    {
      type: 'orderedList',
      content: [
        { type: 'listItem', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'one' }] }] },
        {
          type: 'listItem',
          content: [
            { type: 'paragraph', content: [{ type: 'text', text: 'two' }] },
            { type: 'bulletList', content: [{ type: 'listItem', content: [{ type: 'paragraph' }] }] },
          ],
        },
      ],
    },
  ],
}

test('a body of every node, as HTML and as text', () => {
  const html = bodyHtml(rich).replace(/ style="[^"]*"| dir="auto"/g, '')
  expect(html).toBe(
    '<p><em><strong>bold</strong></em><br><a href="https://example.com/?a=1&amp;b=2">here</a><strong>@Ada &lt;3</strong></p>' +
      '<pre>if (a &lt; b) {\n  go()\n}</pre>' +
      '<ol><li><p>one</p></li><li><p>two</p><ul><li><p></p></li></ul></li></ol>',
  )
  expect(bodyText(rich)).toEqual([
    'bold',
    'here <https://example.com/?a=1&b=2>@Ada <3',
    '',
    '    if (a < b) {',
    '      go()',
    '    }',
    '',
    '1. one',
    '2. two',
    '   - ',
  ])
})

test('[E5] a link that may not be followed is only its words', () => {
  const evil: Body = {
    type: 'doc',
    content: [
      {
        type: 'paragraph',
        content: [{ type: 'text', text: 'click', marks: [{ type: 'link', attrs: { href: 'javascript:alert(1)' } }] }],
      },
    ],
  }
  expect(bodyHtml(evil)).not.toContain('javascript')
})

/** The entries with one more, stamped so long after the last. */
function stampAfter(entries: Stamped[], entry: Entry, wait: number): Stamped[] {
  const last = entries.at(-1)?.stamp ?? { index: -1, at: NOW }
  const [made] = stamp([entry], last.at + wait)
  if (made === undefined) throw new Error('nothing stamped')
  return [
    ...entries,
    {
      ...made,
      id: `${made.id.slice(0, 20)}ZZZZ${String(last.index).padStart(2, '0')}`,
      stamp: { index: last.index + 1, at: last.at + wait },
    },
  ]
}
