import { beforeAll, describe, expect, test } from 'vitest'
import { speak } from '#texts'
import type { Principal } from '#conversation/ids.ts'
import { reduce, type Summary } from '#conversation/summary.ts'
import type { ConnectionState } from '#sync/port.ts'
import { Drafts } from '../../../src/lib/composer/drafts.ts'
import { roomLeft } from '../../../src/lib/composer/limits.ts'
import { languageName, whereWords } from '../../../src/lib/contact/words.ts'
import { nameOfVisitor, personSeen } from '../../../src/lib/inbox/names.ts'
import { sortIntoViews, viewNamed, type Line } from '../../../src/lib/inbox/views.ts'
import { connectionWords } from '../../../src/lib/shell/connection.ts'
import { avatarColour, initials } from '#ui/initials.ts'
import type { Kept } from '#ui/kept.ts'
import { shortAge } from '#ui/time.ts'
import { ownPath } from '../../../src/lib/session/own-path.ts'
import { ada, bo, openedBy, stamp, visitor } from '../../support/conversations.ts'

beforeAll(() => speak('en'))

function line(id: string, changes: Partial<Summary>): Line {
  const [opened] = stamp([openedBy(visitor)])
  const summary = opened === undefined ? null : reduce(id, null, opened, undefined)
  if (summary === null) throw new Error('no summary of an opened conversation')
  return { kind: 'conversation', id, version: 1, unread: 0, waiting: false, summary: { ...summary, ...changes } }
}

describe('views', () => {
  test('each open conversation is in All and at most one of Mine and Unassigned; closed ones are nowhere else', () => {
    const lines = [
      line('1', { assignee: ada }),
      line('2', { assignee: null }),
      line('3', { assignee: bo }),
      line('4', { assignee: ada, status: 'closed' }),
    ]
    const views = sortIntoViews(lines, ada)
    const ids = Object.fromEntries(Object.entries(views).map(([view, each]) => [view, each.map(({ id }) => id)]))
    expect(ids).toEqual({ mine: ['1'], unassigned: ['2'], all: ['1', '2', '3'], closed: ['4'] })
  })

  test('an address that names no view shows all', () => {
    expect(viewNamed(null)).toBe('all')
    expect(viewNamed('constructor')).toBe('all')
    expect(viewNamed('mine')).toBe('mine')
  })
})

describe('names', () => {
  const id: Principal = 'visitor:01K75EM4000000000000004F2K'

  test('a visitor is called by name, else address, else the end of the id', () => {
    expect(nameOfVisitor(id, { name: 'Grace', email: 'g@example.com' })).toBe('Grace')
    expect(nameOfVisitor(id, { name: null, email: 'g@example.com' })).toBe('g@example.com')
    expect(nameOfVisitor(id, { name: null, email: null })).toBe('Visitor 4F2K')
  })

  test('an agent whose account is gone still has a name', () => {
    expect(personSeen(bo, { me: ada, agents: new Map(), visitor: 'Grace' }).name).toBe('A former colleague')
  })

  test('initials and colours are steady, whatever the script', () => {
    expect(['Ada Brandt', 'ada', 'Visitor 4F2K', 'grace@example.com', '田中 遥', ''].map(initials)).toEqual([
      'AB',
      'A',
      'V4',
      'GE',
      '田遥',
      '?',
    ])
    expect(avatarColour('Ada', 'rose')).toBe('rose')
    expect(avatarColour('Ada', 'no such colour')).toBe(avatarColour('Ada', null))
  })
})

describe('the connection in words', () => {
  const state = (changes: Partial<ConnectionState>): ConnectionState => ({
    ...{ state: 'live', waiting: 0, refused: 0, storage: 'kept', retryAt: null },
    ...changes,
  })
  const text = (changes: Partial<ConnectionState>, wasLive = true) => connectionWords(state(changes), wasLive, 0).text

  test('it is only called live when nothing waits and nothing was refused', () => {
    expect(text({})).toBe('Live')
    expect(text({ waiting: 2 })).toBe('Sending 2')
    expect(text({ refused: 1 })).toBe('1 not sent')
  })

  test('what waits is counted in every state without a connection', () => {
    expect(text({ state: 'offline', waiting: 3 })).toBe('Offline, 3 waiting')
    expect(text({ state: 'connecting', waiting: 3 })).toBe('Reconnecting, 3 waiting')
    expect(text({ state: 'connecting' }, false)).toBe('Connecting')
    expect(text({ state: 'signed-out', waiting: 1 })).toBe('Signed out, 1 waiting')
  })

  test('offline says when the next try is, and offers one now', () => {
    const words = connectionWords(state({ state: 'offline', retryAt: 12_000 }), true, 500)
    expect(words.detail).toContain('Next try in 12 seconds')
    expect(words.action).toBe('try-now')
  })
})

describe('the composer', () => {
  function memory(): Kept {
    const held = new Map<string, string>()
    return {
      read: (key) => held.get(key) ?? null,
      write: (key, value) => void (value === null ? held.delete(key) : held.set(key, value)),
      keys: (prefix) => [...held.keys()].filter((key) => key.startsWith(prefix)),
    }
  }

  test('texts are kept apart by person, conversation and tab, and go with the person', () => {
    const kept = memory()
    const [mine, hers] = [new Drafts(kept, ada), new Drafts(kept, bo)]
    mine.write('c1', 'reply', 'Hello')
    mine.write('c1', 'comment', 'Psst')
    mine.write('c2', 'reply', '')
    hers.write('c1', 'reply', 'Hej')
    expect([mine.read('c1', 'reply'), mine.read('c1', 'comment'), mine.read('c2', 'reply')]).toEqual([
      'Hello',
      'Psst',
      '',
    ])
    expect(mine.count).toBe(2)
    mine.wipe()
    expect(mine.count).toBe(0)
    expect(hers.read('c1', 'reply')).toBe('Hej')
  })

  test('the room that is left is told when it gets scarce', () => {
    expect(roomLeft('x'.repeat(3599))).toBeNull()
    expect(roomLeft('x'.repeat(3600))).toBe(400)
    expect(roomLeft(`${'x'.repeat(4001)}\n`)).toBe(-1)
  })
})

describe('the rest of the screen', () => {
  test('ages are short', () => {
    const now = Date.UTC(2026, 5, 15, 12)
    const ages = [30_000, 4 * 60_000, 3 * 3_600_000].map((age) => shortAge(now - age, now))
    expect(ages).toEqual(['now', '4m', '3h'])
    expect(shortAge(now - 40 * 86_400_000, now)).toBe('6 May')
    expect(shortAge(now - 400 * 86_400_000, now)).toBe('May 2025')
    // A server clock that is ahead is no reason for a negative age.
    expect(shortAge(now + 5_000, now)).toBe('now')
  })

  test('addresses and languages read well, also when they are nonsense', () => {
    expect(whereWords('https://www.example.com/pricing?utm=1')).toBe('example.com/pricing')
    expect(whereWords('nonsense')).toBe('nonsense')
    expect(languageName('de')).toBe('German')
    expect(languageName('not a tag')).toBe('not a tag')
    expect(languageName('')).toBeNull()
  })

  test('signing in leads into the inbox and nowhere else', () => {
    expect(ownPath('/inbox/01K75EM4000000000000004F2K?view=mine')).toBe('/inbox/01K75EM4000000000000004F2K?view=mine')
    for (const path of [
      null,
      '',
      'https://evil.example',
      '//evil.example',
      '/inbox.evil.example',
      '/inbox\\evil',
      'javascript:0',
    ]) {
      expect(ownPath(path)).toBe('/inbox')
    }
  })
})
