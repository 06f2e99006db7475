import { describe, expect, test } from 'vitest'
import { accessTo, type Facts } from '#conversation/access.ts'
import type { Body } from '#conversation/body.ts'
import {
  close,
  comment,
  CommandError,
  edit,
  message,
  open,
  retract,
  type Author,
  type Talk,
} from '#conversation/commands.ts'
import { parseEntry, type Entry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import type { Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import { ada, bo, body, openedBy, stamp, stranger, testIds, visitor } from '../../support/conversations.ts'

const at = 1_760_000_000_000
const conversation = { inbox: 'demo', visitor }
const thread: Room = { kind: 'thread', conversation: '01K75EM4000000000000000000' }
const team: Room = { ...thread, kind: 'team' }
const member: Facts['asker'] = { role: 'agent', admin: false, inboxes: new Set(['demo']) }
const outsider: Facts['asker'] = { role: 'agent', admin: false, inboxes: new Set(['other']) }
const admin: Facts['asker'] = { role: 'agent', admin: true, inboxes: new Set() }
const visiting: Facts['asker'] = { role: 'visitor', inbox: 'demo' }
const server: Facts['asker'] = { role: 'server' }
const bold: Body = {
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x', marks: [{ type: 'bold' }] }] }],
}

const entries: Record<string, (by: Principal) => Entry> = {
  opened: (by) => openedBy(by),
  message: (by) => ({ kind: 'message', by, at, channel: 'chat', body: body('x') }),
  edited: (by) => ({ kind: 'edited', by, at, entry: thread.conversation, body: body('x') }),
  retracted: (by) => ({ kind: 'retracted', by, at, entry: thread.conversation }),
  identified: (by) => ({ kind: 'identified', by, at, name: 'x' }),
  closed: (by) => ({
    kind: 'closed',
    by,
    at,
    seen: null,
    reason: by === visitor ? 'visitor' : 'agent',
    transcript: 'auto',
  }),
  rated: (by) => ({ kind: 'rated', by, at, score: 5 }),
  transcript: (by) => ({ kind: 'transcript', by, at, close: thread.conversation, to: null, status: 'no-address' }),
  comment: (by) => ({ kind: 'comment', by, at, body: body('x'), mentions: [] }),
  assigned: (by) => ({ kind: 'assigned', by, at, to: ada, from: null }),
}

describe('joining', () => {
  test.each<[string, Principal, Room, Facts, boolean]>([
    ['[A1] a member, the thread', ada, thread, { asker: member, conversation }, true],
    ['[A1] a member, the team', ada, team, { asker: member, conversation }, true],
    ['[A1] somebody else of the team', bo, thread, { asker: outsider, conversation }, false],
    ['[A1] an administrator', bo, team, { asker: admin, conversation }, true],
    ['[A1] a conversation that does not exist', ada, thread, { asker: admin, conversation: null }, false],
    ['[A2] the visitor of it', visitor, thread, { asker: visiting, conversation }, true],
    ['[A2] another visitor', stranger, thread, { asker: visiting, conversation }, false],
    ['[A2] a thread that does not exist yet', visitor, thread, { asker: visiting, conversation: null }, true],
    ['[A3] the visitor, the team', visitor, team, { asker: visiting, conversation }, false],
    ['[A3] a visitor, a team that does not exist', visitor, team, { asker: visiting, conversation: null }, false],
    ['[A4] a visitor who calls itself an agent', visitor, thread, { asker: member, conversation }, false],
    ['[A4] an agent who calls itself a visitor', ada, thread, { asker: visiting, conversation }, false],
  ])('%s', (_title, principal, room, facts, allow) => {
    expect(accessTo(principal, room, facts).allow).toBe(allow)
  })
})

describe('appending', () => {
  const threadKinds = ['message', 'edited', 'retracted', 'identified', 'closed']
  const allowed: Record<string, Set<string>> = {
    visitor: new Set([...threadKinds, 'rated']),
    agent: new Set([...threadKinds, 'comment', 'assigned']),
    server: new Set(['message', 'closed', 'transcript', 'assigned']),
  }
  const askers: [string, Principal, Facts['asker']][] = [
    ['visitor', visitor, visiting],
    ['agent', ada, member],
    ['server', 'system', server],
  ]
  const cases = askers.flatMap(([who, principal, asker]) =>
    Object.keys(entries).flatMap((kind) =>
      (['thread', 'team'] as const).map((room) => [who, kind, room, principal, asker] as const),
    ),
  )

  test.each(cases)('[A5] %s, %s in the %s', (who, kind, ledger, principal, asker) => {
    const entry = entries[kind]!(principal)
    const facts: Facts = { asker, conversation, target: { kind: 'message', by: principal } }
    const belongs = (kind === 'comment' || kind === 'assigned') === (ledger === 'team')
    const expected = belongs && allowed[who]!.has(kind)
    expect(accessTo(principal, ledger === 'team' ? team : thread, facts, entry).allow).toBe(expected)
  })

  test.each(cases.filter(([, , ledger]) => ledger === 'thread'))(
    '[A4] %s, %s in another name',
    (_who, kind, _ledger, principal, asker) => {
      const entry = entries[kind]!(bo)
      const facts: Facts = { asker, conversation, target: { kind: 'message', by: bo } }
      for (const room of [thread, team]) expect(accessTo(principal, room, facts, entry).allow).toBe(false)
    },
  )

  test('[A6] opened comes first, once, with the inbox of the token', () => {
    const opening = openedBy(visitor)
    expect(accessTo(visitor, thread, { asker: visiting, conversation: null }, opening).allow).toBe(true)
    expect(accessTo(visitor, thread, { asker: visiting, conversation }, opening).allow).toBe(false)
    const other: Facts = { asker: { role: 'visitor', inbox: 'other' }, conversation: null }
    expect(accessTo(visitor, thread, other, opening).allow).toBe(false)
    const early = entries['message']!(visitor)
    expect(accessTo(visitor, thread, { asker: visiting, conversation: null }, early).allow).toBe(false)
  })

  test.each([
    ['nothing that exists', undefined],
    ['somebody else’s message', { kind: 'message' as const, by: ada }],
    ['a close', { kind: 'closed' as const, by: visitor }],
  ])('[A7] a change that names %s is refused', (_title, target) => {
    for (const kind of ['edited', 'retracted']) {
      expect(accessTo(visitor, thread, { asker: visiting, conversation, target }, entries[kind]!(visitor)).allow).toBe(
        false,
      )
    }
  })

  test('[A8] a visitor’s body is paragraphs, breaks and links', () => {
    const rich = { ...entries['message']!(visitor), body: bold } as Entry
    const richer = { ...entries['edited']!(visitor), body: bold } as Entry
    const facts: Facts = { asker: visiting, conversation, target: { kind: 'message', by: visitor } }
    expect(accessTo(visitor, thread, facts, rich).allow).toBe(false)
    expect(accessTo(visitor, thread, facts, richer).allow).toBe(false)
    expect(accessTo(ada, thread, { asker: member, conversation }, { ...rich, by: ada }).allow).toBe(true)
  })

  test('[A9] who closes gives its own reason', () => {
    const close: Entry = { kind: 'closed', by: visitor, at, seen: null, reason: 'agent', transcript: 'auto' }
    expect(accessTo(visitor, thread, { asker: visiting, conversation }, close).allow).toBe(false)
    expect(accessTo(ada, thread, { asker: member, conversation }, { ...close, by: ada, reason: 'visitor' }).allow).toBe(
      false,
    )
  })
})

describe('commands', () => {
  const agent: Author = { by: ada, asker: member, ids: testIds() }
  const guest: Author = { by: visitor, asker: visiting, ids: testIds() }
  const made = stamp([openedBy(visitor), entries['message']!(visitor)])
  const talk: Talk = { id: thread.conversation, view: fold(made) }
  const fresh: Talk = { id: thread.conversation, view: fold([]) }

  test('[C1] what a command returns passes the parser', () => {
    for (const written of [
      message(agent, talk, body('Hi')),
      comment(agent, talk, body('Hm'), [bo]),
      retract(guest, talk, made[1]!.id),
    ]) {
      expect(parseEntry(written.room.kind, written.text)).toEqual({ ok: true, entry: written.entry })
    }
  })

  test('[C1] [E2] lone surrogates and U+0000 are mended by the writer', () => {
    const page = { url: '', title: 'a\ud800b\u0000c', referrer: '' }
    expect(open(guest, fresh, { inbox: 'demo', page, locale: 'en' }).entry).toMatchObject({
      page: { title: 'a\ufffdbc' },
    })
  })

  test.each<[string, () => unknown]>([
    ['a visitor’s comment', () => comment(guest, talk, body('x'), [])],
    ['a bold visitor', () => message(guest, talk, bold)],
    ['a message before the start', () => message(guest, fresh, body('x'))],
    [
      'a second start',
      () => open(guest, talk, { inbox: 'demo', page: { url: '', title: '', referrer: '' }, locale: 'en' }),
    ],
    ['an edit of what is not one’s own', () => edit(agent, talk, made[1]!.id, body('x'))],
    [
      'a page that is no web page',
      () => open(guest, fresh, { inbox: 'demo', page: { url: 'file:///etc', title: '', referrer: '' }, locale: '' }),
    ],
  ])('[C1] %s throws', (_title, run) => {
    expect(run).toThrow(CommandError)
  })

  test('[C2] a close says what its author had seen', () => {
    expect(close(agent, talk).entry).toMatchObject({ seen: made[1]!.id, reason: 'agent', transcript: 'auto' })
    expect(close(guest, talk).entry).toMatchObject({ reason: 'visitor' })
  })
})
