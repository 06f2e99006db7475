import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '#server/config.ts'

function problems(env: Record<string, string>): string[] {
  const result = readConfig(env)
  return result.ok ? [] : result.problems
}

describe('configuration', () => {
  test('without any it is the demo, on this machine alone', () => {
    expect(readConfig({})).toEqual({
      ok: true,
      config: {
        demo: true,
        origin: null,
        host: '127.0.0.1',
        port: 3000,
        dataDir: resolve('data'),
        smtpUrl: null,
        mailFrom: 'Parley <support@parley.example.com>',
        mailDomain: 'parley.example.com',
        logLevel: 'warn',
        dev: false,
      },
    })
  })

  test('an ORIGIN makes it the real thing', () => {
    const result = readConfig({ ORIGIN: 'https://Chat.Example.com/', SMTP_URL: 'smtp://u:p@mail.example.com:587' })
    expect(result).toMatchObject({
      ok: true,
      config: {
        demo: false,
        origin: 'https://chat.example.com',
        host: '0.0.0.0',
        mailDomain: 'chat.example.com',
        mailFrom: 'Parley <support@chat.example.com>',
        logLevel: 'info',
        smtpUrl: 'smtp://u:p@mail.example.com:587',
      },
    })
  })

  test('an empty value counts as none', () => {
    expect(readConfig({ ORIGIN: '', HOST: ' ', PORT: '', DATABASE_URL: '' })).toMatchObject({
      ok: true,
      config: { demo: true },
    })
  })

  test.each([
    ['PORT', '80a'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['ORIGIN', 'chat.example.com'],
    ['ORIGIN', 'https://chat.example.com/inbox'],
    ['ORIGIN', 'ftp://chat.example.com'],
    ['LOG_LEVEL', 'loud'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_DOMAIN', 'not a host'],
    ['PARLEY_DEV', 'yes'],
  ])('%s=%s: says which variable, which value, and what is wanted', (name, value) => {
    expect(problems({ [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is "${value.replace(/[/.]/g, '\\$&')}".* should be .+\\.$`)),
    ])
  })

  test('all problems are told together', () => {
    expect(problems({ PORT: 'x', LOG_LEVEL: 'y', MAIL_FROM: 'z' })).toHaveLength(3)
  })

  test.each(['DATABASE_URL', 'REDIS_URL', 'SMTP_URL'])(
    '%s: a refused value may hold a password, and is not repeated',
    (name) => {
      const [problem] = problems({ [name]: 'wrong://user:hunter2@host' })
      expect(problem).toMatch(new RegExp(`^${name} `))
      expect(problem).not.toContain('hunter2')
    },
  )

  test('engines that this build lacks are refused, not ignored', () => {
    expect(problems({ DATABASE_URL: 'postgres://localhost/parley' })[0]).toContain('SQLite')
    expect(problems({ REDIS_URL: 'redis://localhost' })[0]).toContain('single process')
  })

  test('a demo that others could reach is refused', () => {
    for (const HOST of ['0.0.0.0', '192.168.1.4', '::']) {
      expect(problems({ HOST })[0]).toMatch(/^HOST is ".*ORIGIN is not set/)
      expect(problems({ HOST, ORIGIN: 'https://chat.example.com' })).toEqual([])
    }
    for (const HOST of ['127.0.0.1', 'localhost', '::1']) expect(problems({ HOST })).toEqual([])
  })
})
