import { afterEach, describe, expect, test } from 'vitest'
import type { Principal } from '#conversation/ids.ts'
import { personOf } from '#conversation/names.ts'
import { cut, LANGUAGES, locale, m, speak } from '#texts'
import { tagFor } from '#ui/language.ts'
import { dayName, nearTime, shortAge } from '#ui/time.ts'
import { lastWords } from '../../../src/lib/inbox/last-words.ts'
import { personSeen } from '../../../src/lib/inbox/names.ts'
import { connectionWords } from '../../../src/lib/shell/connection.ts'
import { eventWords } from '../../../src/lib/thread/event-words.ts'
import { peerWords } from '../../../src/lib/thread/peer-words.ts'
import { ada, bo, visitor } from '../../support/conversations.ts'

afterEach(() => speak('en'))

const NOW = new Date(2026, 4, 13, 12).getTime()
const DAY = 86_400_000

describe('the language', () => {
  test('of several asked for at once, the last is spoken, however fast each loads', async () => {
    await Promise.all([speak('de'), speak('fr'), speak('es')])
    expect(locale).toMatchObject({ language: 'es', tag: 'es' })
    expect(m.view_all()).toBe('Todas')
    // One that is spoken already needs no loading, and must not lose to one that does.
    await Promise.all([speak('nl'), speak('es')])
    expect(locale.language).toBe('es')
  })

  test('a chosen language is written with the dates of the browser’s owner', () => {
    expect(tagFor('de', ['fr', 'de-AT', 'de'])).toBe('de-AT')
    expect(tagFor('en', ['ja', 'en-US'])).toBe('en-US')
    expect(tagFor('en', ['ja'])).toBe('en-GB')
    expect(tagFor('nl', ['en-US'])).toBe('nl')
  })

  test('a message is cut where its inputs stand, in the order of each language', async () => {
    expect(cut(m.inbox_pick, ['next', 'open'])).toEqual([
      'Pick one from the list, or press ',
      'next',
      ' and ',
      'open',
      '.',
    ])
    for (const language of LANGUAGES) {
      await speak(language)
      const parts = cut(m.event_opened_on, ['who', 'page'])
      expect(parts.filter((_, index) => index % 2 === 1).sort()).toEqual(['page', 'who'])
    }
  })
})

describe('times', () => {
  test.each([
    ['en', ['now', '4m', 'Yesterday', 'Monday', 'Sunday 5 April', 'yesterday, 12:00']],
    ['nl', ['nu', '4 m', 'Gisteren', 'Maandag', 'Zondag 5 april', 'gisteren, 12:00']],
    ['de', ['jetzt', '4 Min.', 'Gestern', 'Montag', 'Sonntag, 5. April', 'gestern, 12:00']],
    ['fr', ['à l’instant', '4min', 'Hier', 'Lundi', 'Dimanche 5 avril', 'hier, 12:00']],
    ['es', ['ahora', '4min', 'Ayer', 'Lunes', 'Domingo, 5 de abril', 'ayer, 12:00']],
  ] as const)('are written as %s has them', async (language, written) => {
    await speak(language)
    const ages = [0, 4 * 60_000].map((age) => shortAge(NOW - age, NOW))
    const days = [1, 2, 38].map((ago) => dayName(NOW - ago * DAY, NOW))
    expect([...ages, ...days, nearTime(NOW - DAY, NOW)]).toEqual(written)
  })

  test('follow the browser’s country, not only the language', async () => {
    await speak('en', 'en-US')
    expect(dayName(NOW - 38 * DAY, NOW)).toBe('Sunday, April 5')
    expect(nearTime(NOW, NOW)).toMatch(/^12:00\sPM$/)
  })
})

describe('sentences', () => {
  const person = (principal: Principal) => personSeen(principal, { me: ada, agents: new Map(), visitor: 'Grace' })

  test('put the link of an opening where the language has it', async () => {
    const event = { is: 'opened', page: { url: 'https://example.com/lamps', title: 'Lamps', referrer: '' } } as const
    const item = { type: 'event', id: 'e', by: visitor, writtenAt: NOW, stamp: null, refused: null, event } as const
    const link = { href: 'https://example.com/lamps', text: 'Lamps' }
    expect(eventWords(item, person)).toEqual({ text: 'Grace opened the chat on ', link: { ...link, after: '' } })
    await speak('de')
    expect(eventWords(item, person)).toEqual({ text: 'Grace hat den Chat auf ', link: { ...link, after: ' geöffnet' } })
  })

  test('count as each language counts', async () => {
    const said = (waiting: number) =>
      connectionWords({ state: 'offline', waiting, refused: 0, storage: 'kept', retryAt: null }, true, 0).text
    expect([0, 1, 1200].map(said)).toEqual(['Offline', 'Offline, 1 waiting', 'Offline, 1,200 waiting'])
    await speak('es')
    expect([0, 1, 12].map(said)).toEqual(['Sin conexión', 'Sin conexión, 1 pendiente', 'Sin conexión, 12 pendientes'])
    await speak('fr')
    expect(m.list_unread({ count: 0 })).toBe('0 non lu')
    expect(m.list_unread({ count: 2 })).toBe('2 non lus')
  })

  test('list people as each language lists them', async () => {
    const people = ['Bo E', 'Cy M', 'Di K'].map((name) => ({ name, typing: null }))
    const said = () => [1, 2, 3].map((count) => peerWords(people.slice(0, count)))
    expect(said()).toEqual(['Bo is here', 'Bo and Cy are here', 'Bo and 2 others are here'])
    await speak('fr')
    expect(said()).toEqual(['Bo est ici', 'Bo et Cy sont ici', 'Bo et 2 autres personnes sont ici'])
  })

  test('say whose last words they are, and leave the words themselves alone', async () => {
    await speak('fr')
    expect(lastWords(person(ada), false)).toEqual(['Vous\u00a0: ', 'words', ''])
    expect(lastWords(person(visitor), false)).toEqual(['', 'words', ''])
    expect(lastWords(person(visitor), true)).toEqual(['Message retiré'])
    expect(lastWords(person(ada), true)).toEqual(['Vous avez retiré un message'])
  })

  test('call whoever has no name here in the agent’s language', async () => {
    await speak('de')
    expect(person(bo).name).toBe('Ehemaliges Teammitglied')
    const unnamed = { agent: 'somebody', bot: 'a bot' }
    expect(personOf('bot:01J', { me: ada, agents: new Map(), visitor: 'Grace', unnamed }).name).toBe('a bot')
  })
})
