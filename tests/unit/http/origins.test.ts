import { describe, expect, test } from 'vitest'
import { createOwnOrigins, isAllowedOrigin } from '#server/http/origins.ts'

describe('origins that an inbox allows', () => {
  test.each([
    ['https://example.com', 'https://example.com', true],
    ['https://example.com', 'https://example.com:443', false],
    ['https://example.com:443', 'https://example.com', true],
    ['https://example.com', 'https://example.com:8443', false],
    ['https://example.com:8443', 'https://example.com:8443', true],
    ['https://example.com', 'http://example.com', false],
    ['http://example.com', 'https://example.com', true],
    ['http://example.com', 'http://example.com', true],
    ['https://example.com', 'https://www.example.com', false],
    ['https://*.example.com', 'https://www.example.com', true],
    ['https://*.example.com', 'https://a.b.example.com', true],
    ['https://*.example.com', 'https://example.com', false],
    ['https://*.example.com', 'https://evilexample.com', false],
    ['https://example.com', 'https://example.com.evil.net', false],
    ['http://localhost:*', 'http://localhost:5173', true],
    ['http://localhost:*', 'http://localhost', true],
    ['http://localhost:*', 'http://localhost.evil.net:5173', false],
    ['HTTPS://Example.COM', 'https://example.com', true],
    ['https://example.com', 'null', false],
    ['https://example.com', '', false],
    ['https://example.com', 'https://example.com/', false],
    ['https://example.com', 'https://user@example.com', false],
    ['*', 'https://example.com', false],
    ['https:', 'https://example.com', false],
  ])('%s: %s %s', (source, origin, allowed) => {
    expect(isAllowedOrigin([source], origin)).toBe(allowed)
  })

  test('one of several is enough, none of none', () => {
    expect(isAllowedOrigin(['https://a.example', 'https://b.example'], 'https://b.example')).toBe(true)
    expect(isAllowedOrigin([], 'https://b.example')).toBe(false)
  })
})

describe('our own origins', () => {
  test('in the demo: loopback names at the port asked', () => {
    const own = createOwnOrigins(null)
    for (const page of ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000']) {
      for (const host of ['127.0.0.1:3000', 'localhost:3000', '[::1]:3000']) expect(own.isOwn(page, host)).toBe(true)
    }
    expect(own.isOwn('http://localhost', 'localhost')).toBe(true)
    expect(own.isOwn('http://127.0.0.1:3001', '127.0.0.1:3000')).toBe(false)
    expect(own.isOwn('http://127.0.0.1:3000', 'evil.example:3000')).toBe(false)
    expect(own.isOwn('http://evil.example:3000', 'evil.example:3000')).toBe(false)
    expect(own.isOwn('http://127.0.0.1:3000', undefined)).toBe(false)
    expect(own.isOwn('null', '127.0.0.1:3000')).toBe(false)
    expect([own.isOwnHost('localhost:1'), own.isOwnHost('evil.example'), own.isOwnHost(undefined)]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('else the configured one, whatever the proxy calls us', () => {
    const own = createOwnOrigins('https://chat.example.com')
    expect(own.isOwn('https://chat.example.com', 'parley:3000')).toBe(true)
    expect(own.isOwn('https://chat.example.com:444', 'parley:3000')).toBe(false)
    expect(own.isOwn('http://127.0.0.1:3000', '127.0.0.1:3000')).toBe(false)
    expect(own.isOwnHost('parley:3000')).toBe(true)
  })
})
