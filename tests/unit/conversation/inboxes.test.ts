import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { inboxSettings, isOriginSource, LIMITS, originMeant } from '#conversation/inboxes.ts'
import { hoursOf } from '../../support/hours.ts'

const settings = {
  name: 'Shop',
  greeting: 'Hello. How can we help?',
  color: '#0f6a68',
  side: 'left',
  origins: ['https://example.com'],
  hours: hoursOf('Europe/Madrid', { weekdays: ['9:00-17:00'] }),
  fromAddress: 'help@example.com',
}
const faultsOf = (change: object) =>
  (v.safeParse(inboxSettings, { ...settings, ...change }).issues ?? []).map((each) => [
    v.getDotPath(each),
    each.message,
  ])

const origins = (count: number) => Array.from({ length: count }, (_, index) => `https://${index}.example.com`)
const addressOf = (length: number) => `${'a'.repeat(length - '@example.com'.length)}@example.com`

describe('what an inbox may be set to', () => {
  test.each([
    ['what it is', {}, []],
    ['a name of the greatest length', { name: 'x'.repeat(LIMITS.name) }, []],
    ['a longer one', { name: 'x'.repeat(LIMITS.name + 1) }, [['name', 'too-long']]],
    ['a name of spaces', { name: '  ' }, [['name', 'missing']]],
    ['a greeting of the greatest length', { greeting: 'x'.repeat(LIMITS.greeting) }, []],
    ['a longer greeting', { greeting: 'x'.repeat(LIMITS.greeting + 1) }, [['greeting', 'too-long']]],
    ['no greeting', { greeting: '' }, [['greeting', 'missing']]],
    ['a colour by name', { color: 'teal' }, [['color', 'not-a-colour']]],
    ['a short colour', { color: '#abc' }, [['color', 'not-a-colour']]],
    ['a colour that says more', { color: '#0f6a68;}' }, [['color', 'not-a-colour']]],
    ['another side', { side: 'top' }, [['side', 'not-a-side']]],
    ['no origins', { origins: [] }, []],
    ['as many origins as there may be', { origins: origins(LIMITS.origins) }, []],
    ['one more', { origins: origins(LIMITS.origins + 1) }, [['origins', 'too-many']]],
    ['an origin that is none', { origins: ['https://example.com', 'example.com'] }, [['origins.1', 'not-an-origin']]],
    ['always open', { hours: null }, []],
    ['hours of no zone', { hours: hoursOf('Mars/Olympus', {}) }, [['hours.zone', 'unknown-zone']]],
    ['the sender of the workspace', { fromAddress: null }, []],
    ['a long address', { fromAddress: addressOf(LIMITS.address) }, []],
    ['a longer one', { fromAddress: addressOf(LIMITS.address + 1) }, [['fromAddress', 'too-long']]],
    ['a sender that is none', { fromAddress: 'help' }, [['fromAddress', 'not-an-address']]],
    [
      'a sender with a line break',
      { fromAddress: 'a@example.com\r\nBcc: b@example.com' },
      [['fromAddress', 'not-an-address']],
    ],
    [
      'everything wrong at once',
      { name: '', color: '' },
      [
        ['name', 'missing'],
        ['color', 'not-a-colour'],
      ],
    ],
  ])('%s', (_, change, faults) => {
    expect(faultsOf(change)).toEqual(faults)
  })

  test('texts are trimmed, colours are in one case, and an origin is there once', () => {
    const given = { ...settings, name: ' Shop ', color: '#0F6A68', origins: ['https://a.example', 'https://a.example'] }
    expect(v.parse(inboxSettings, given)).toEqual({ ...settings, origins: ['https://a.example'] })
  })
})

describe('the origins of a list', () => {
  test.each([
    'https://example.com',
    'http://localhost:*',
    'https://*.example.com',
    'http://127.0.0.1:3000',
    'https://xn--mller-kva.example:65535',
  ])('%s may stand in it', (text) => expect(isOriginSource(text)).toBe(true))

  test.each([
    ...['', '*', 'https://*', 'https://*.*.example.com', 'example.com', 'ftp://example.com', 'https://example.com/'],
    ...['https://example.com;', "https://example.com 'self'", 'https://example.com\n', 'https://exa_mple.com'],
    ...['https://example.com:0', 'https://example.com:65536', 'https://-example.com', 'https://example..com'],
    ...['https://user@example.com', 'HTTPS://example.com', 'null', "'none'", 'https:', 'data:'],
  ])('%j may not', (text) => expect(isOriginSource(text)).toBe(false))

  test.each([
    ['www.example.com', 'https://www.example.com'],
    [' https://www.Example.com/shop?a=1#b ', 'https://www.example.com'],
    ['http://example.com', 'http://example.com'],
    ['https://example.com:443/', 'https://example.com'],
    ['https://example.com:443', 'https://example.com'],
    ['http://example.com:80', 'http://example.com'],
    ['https://example.com:8443', 'https://example.com:8443'],
    ['https://*.example.com', 'https://*.example.com'],
    ['http://localhost:*', 'http://localhost:*'],
    ['http://localhost:3000/demo', 'http://localhost:3000'],
    ['müller.example', 'https://xn--mller-kva.example'],
    ['shop', null],
    ['', null],
    ['mailto:help@example.com', null],
    ['ftp://example.com', null],
    ['javascript:alert(1)', null],
    ['two words', null],
  ])('who writes %j means %j', (text, origin) => expect(originMeant(text)).toBe(origin))
})
