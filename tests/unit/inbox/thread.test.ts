import { beforeAll, describe, expect, test } from 'vitest'
import { speak } from '#texts'
import { fold } from '#conversation/fold.ts'
import type { AgentRow } from '#conversation/rows.ts'
import type { EventItem, FoldEntry, TimelineEvent, TimelineItem } from '#conversation/view.ts'
import { personSeen } from '../../../src/lib/inbox/names.ts'
import { eventWords } from '../../../src/lib/thread/event-words.ts'
import { arrivedSince, newestAt } from '../../../src/lib/thread/arrivals.ts'
import { countAfter, firstUnread, indexInThread, layOut, visitorMessages } from '../../../src/lib/thread/layout.ts'
import { menuAt, menuRows } from '../../../src/lib/thread/own-menus.ts'
import { writtenNote } from '../../../src/lib/thread/notes.ts'
import { peerWords } from '../../../src/lib/thread/peer-words.ts'
import { transcriptText } from '../../../src/lib/thread/transcript-text.ts'
import { ada, bo, body, openedBy, stamp, visitor } from '../../support/conversations.ts'

beforeAll(() => speak('en'))

const DAY = 86_400_000
const MINUTE = 60_000
const start = 1_760_000_000_000
// Days of UTC: the tests must not hang on the machine's time zone.
const dayOf = (at: number) => Math.floor(at / DAY) * DAY

const agents = new Map<string, AgentRow>(
  [ada, bo].map((principal, index) => {
    const id = principal.slice('agent:'.length)
    const name = ['Ada Brandt', 'Bo Eriksen'][index] ?? ''
    return [
      id,
      { kind: 'agent', id, version: 1, name, email: 'x@example.com', role: 'agent', avatar: null, active: true },
    ]
  }),
)
const person = (principal: Parameters<typeof personSeen>[0]) =>
  personSeen(principal, { me: ada, agents, visitor: 'Grace' })

function item(given: Partial<TimelineItem> & { id: string; by: TimelineItem['by']; at: number | null }): TimelineItem {
  const { at, ...rest } = given
  const base = { writtenAt: at ?? start, stamp: at === null ? null : { index: 0, at }, refused: null }
  return {
    type: 'message',
    body: body('x'),
    edited: null,
    retracted: false,
    crossed: null,
    ...base,
    ...rest,
  } as TimelineItem
}

/** What one author wrote in one go is joined by a `+`. */
const shape = (rows: ReturnType<typeof layOut>) =>
  rows.reduce<string[]>((told, row) => {
    if (row.row !== 'message') return [...told, row.row]
    return row.begins ? [...told, row.item.id] : [...told.slice(0, -1), `${told.at(-1)}+${row.item.id}`]
  }, [])

describe('the layout of a thread', () => {
  test('one author in one go stands together; another author, a pause or another kind begins anew', () => {
    const timeline = [
      item({ id: 'a', by: visitor, at: start }),
      item({ id: 'b', by: visitor, at: start + MINUTE }),
      item({ id: 'c', by: ada, at: start + 2 * MINUTE }),
      item({ id: 'd', by: bo, at: start + 3 * MINUTE }),
      item({ id: 'e', by: bo, at: start + 4 * MINUTE, type: 'comment' }),
      item({ id: 'f', by: bo, at: start + 20 * MINUTE, type: 'comment' }),
    ]
    expect(shape(layOut(timeline, null, dayOf))).toEqual(['day', 'a+b', 'c', 'd', 'e', 'f'])
  })

  test('visitors stand on the left, everybody else on the right', () => {
    const rows = layOut(
      [item({ id: 'a', by: visitor, at: start }), item({ id: 'b', by: 'system', at: start })],
      null,
      dayOf,
    )
    expect(rows.flatMap((row) => (row.row === 'message' ? row.side : []))).toEqual(['visitor', 'team'])
  })

  test('a new day is told once, and ends what was written in one go', () => {
    const timeline = [
      item({ id: 'a', by: visitor, at: start }),
      item({ id: 'b', by: visitor, at: start + DAY }),
      item({ id: 'c', by: visitor, at: start + DAY + 1 }),
    ]
    expect(shape(layOut(timeline, null, dayOf))).toEqual(['day', 'a', 'day', 'b+c'])
  })

  test('what is not stamped stands last without an earlier day above it, though it was written days ago', () => {
    const timeline = [
      item({ id: 'a', by: visitor, at: start + 3 * DAY }),
      item({ id: 'b', by: ada, at: null, writtenAt: start }),
    ]
    expect(shape(layOut(timeline, null, dayOf))).toEqual(['day', 'a', 'b'])
  })

  test('the unread divider splits what was written in one go at the first unread message', () => {
    const timeline = [item({ id: 'a', by: visitor, at: start }), item({ id: 'b', by: visitor, at: start + 1 })]
    expect(shape(layOut(timeline, 'b', dayOf))).toEqual(['day', 'a', 'unread', 'b'])
  })

  test('keys do not change when a stamp arrives', () => {
    const keys = (timeline: TimelineItem[]) => layOut(timeline, null, dayOf).map((row) => row.key)
    const before = keys([
      item({ id: 'a', by: visitor, at: start }),
      item({ id: 'b', by: ada, at: null, writtenAt: start + 5 }),
    ])
    const after = keys([item({ id: 'a', by: visitor, at: start }), item({ id: 'b', by: ada, at: start + 900 })])
    expect(after).toEqual(before)
  })

  test('what was read counts from the beginning, over visitor messages alone, whatever has arrived yet', () => {
    const timeline = ['a', 'b', 'c'].map((id, index) =>
      item({ id, by: index === 1 ? ada : visitor, at: start + index }),
    )
    expect(visitorMessages(timeline)).toBe(2)
    expect(firstUnread(timeline, 0)).toBe('a')
    expect(firstUnread(timeline, 1)).toBe('c')
    expect(firstUnread(timeline, 2)).toBeNull()
    expect(firstUnread([], 0)).toBeNull()
  })

  test('[F11] an erased message counts as it did before it was erased', () => {
    const erased = item({ id: 'a', by: visitor, at: start, type: 'event', event: { is: 'erased', was: 'message' } })
    const timeline = [erased, item({ id: 'b', by: visitor, at: start + 1 })]
    expect(firstUnread(timeline, 1)).toBe('b')
  })

  test('new since the end was on the screen: what others wrote, not events, nor one’s own', () => {
    const timeline = [
      item({ id: 'a', by: visitor, at: start }),
      item({ id: 'b', by: visitor, at: start + 1 }),
      item({ id: 'c', by: ada, at: start + 2 }),
      item({ id: 'd', by: bo, at: start + 3, type: 'comment' }),
      item({ id: 'e', by: bo, at: start + 4, type: 'event', event: { is: 'reopened' } }),
    ]
    expect(countAfter(timeline, 'a', ada)).toBe(2)
    expect(countAfter(timeline, 'e', ada)).toBe(0)
    expect(countAfter(timeline, 'unheard-of', ada)).toBe(0)
  })

  test('the Tab key goes to the last menu on the screen, or to the first there is', () => {
    const timeline = [
      item({ id: 'a', by: visitor, at: start }),
      item({ id: 'b', by: ada, at: start + 1 }),
      item({ id: 'c', by: visitor, at: start + 2 }),
      item({ id: 'd', by: ada, at: start + 3 }),
      item({ id: 'e', by: ada, at: start + 4, retracted: true }),
    ]
    const menus = menuRows(layOut(timeline, null, dayOf), ada)
    expect(menus).toEqual([2, 4])
    expect([9, 4, 3, 2, 1].map((last) => menuAt(menus, last))).toEqual([4, 4, 2, 2, 2])
    expect(menuAt([], 9)).toBeNull()
  })

  test('what arrives is read out: what others wrote since, once', () => {
    const timeline = [
      item({ id: 'a', by: visitor, at: start }),
      item({ id: 'b', by: visitor, at: start + 1, body: body('Hello') }),
      item({ id: 'c', by: ada, at: start + 2 }),
      item({ id: 'd', by: ada, at: null }),
    ]
    const line = (by: string, words: string) => `${by === visitor ? 'Grace' : by}: ${words}`
    expect(arrivedSince(timeline, start, ada, line)).toEqual([{ id: 'b', words: 'Grace: Hello' }])
    expect(newestAt(timeline)).toBe(start + 2)
    expect(arrivedSince(timeline, newestAt(timeline), ada, line)).toEqual([])
    expect(newestAt([])).toBe(0)
  })

  test('a place in the thread is never taken from a comment: its index is of another document', () => {
    const comment = item({ id: 'c', by: bo, at: start, type: 'comment', stamp: { index: 7, at: start } })
    const message = item({ id: 'm', by: bo, at: start, stamp: { index: 4, at: start } })
    expect(indexInThread([comment, message], 'c')).toBe(-1)
    expect(indexInThread([comment, message], 'm')).toBe(4)
    expect(indexInThread([comment, message], 'unheard-of')).toBe(-1)
  })
})

describe('the words of events', () => {
  const say = (event: TimelineEvent, by: EventItem['by'] = bo) =>
    eventWords({ type: 'event', id: 'e', by, writtenAt: start, stamp: null, refused: null, event }, person).text

  test('[F3] a void close says why nothing happened', () => {
    expect(say({ is: 'void-close', why: 'newer-messages' })).toBe(
      'Bo Eriksen closed this while offline; newer messages had arrived, so it stays open',
    )
    expect(say({ is: 'void-close', why: 'closed-already' }, ada)).toBe('You closed this too; it was closed already')
  })

  test('assignments are told from where one stands', () => {
    expect(say({ is: 'assigned', to: bo, from: null })).toBe('Bo Eriksen took this')
    expect(say({ is: 'assigned', to: ada, from: null })).toBe('Bo Eriksen assigned this to you')
    expect(say({ is: 'assigned', to: bo, from: null }, ada)).toBe('You assigned this to Bo Eriksen')
    expect(say({ is: 'assigned', to: null, from: bo })).toBe('Bo Eriksen let go of this')
    expect(say({ is: 'assigned', to: null, from: ada })).toBe('Bo Eriksen took this from you')
    expect(say({ is: 'assigned', to: null, from: null })).toBe('Bo Eriksen unassigned this')
  })

  test('a visitor who says who they are is not named by what they have just said', () => {
    const told = { is: 'identified', name: 'Grace', email: 'grace@example.com', phone: undefined } as const
    expect(say(told, visitor)).toBe('The visitor introduced themselves: Grace, grace@example.com')
    expect(say({ ...told, name: undefined }, visitor)).toBe('The visitor left grace@example.com')
    expect(say({ ...told, name: undefined }, ada)).toBe('You noted: grace@example.com')
  })

  test('a transcript that failed says why', () => {
    const failed = { is: 'transcript', to: 'g@example.com', status: 'failed', error: 'mailbox full' } as const
    expect(say(failed, 'system')).toBe('The transcript to g@example.com failed: mailbox full')
  })

  test('what a newer version wrote is told as such', () => {
    expect(say({ is: 'unknown', named: 'danced' })).toContain('(danced)')
  })
})

describe('notes and texts', () => {
  test('only what was stamped long after it was written was written offline', () => {
    expect(writtenNote(item({ id: 'a', by: ada, at: start + 59_000, writtenAt: start }))).toBeNull()
    expect(writtenNote(item({ id: 'a', by: ada, at: start + 5 * MINUTE, writtenAt: start }))).toMatch(
      /^Written offline at /,
    )
    expect(writtenNote(item({ id: 'a', by: ada, at: null, writtenAt: start }))).toBeNull()
    // A clock that runs ahead is no proof of anything.
    expect(writtenNote(item({ id: 'a', by: ada, at: start, writtenAt: start + DAY }))).toBeNull()
  })

  test('colleagues at the composer', () => {
    expect(peerWords([])).toBe('')
    expect(peerWords([{ name: 'Bo Eriksen', typing: null }])).toBe('Bo is here')
    expect(
      peerWords([
        { name: 'Bo E', typing: 'comment' },
        { name: 'Cy M', typing: null },
      ]),
    ).toBe('Bo is writing a comment')
    expect(
      peerWords([
        { name: 'Bo E', typing: 'reply' },
        { name: 'Cy M', typing: 'reply' },
      ]),
    ).toBe('Bo and Cy are writing a reply')
  })

  test('[A3] a copied transcript holds messages alone: no comment, nothing taken back', () => {
    const entries = stamp([
      openedBy(visitor),
      { kind: 'message', by: visitor, at: start, channel: 'chat', body: body('Do you repair lamps?') },
      { kind: 'comment', by: bo, at: start, body: body('Be kind'), mentions: [] },
      { kind: 'message', by: ada, at: start, channel: 'chat', body: body('A slip') },
    ])
    const slip = entries[3]?.id ?? ''
    const more = stamp([{ kind: 'retracted', by: ada, at: start, entry: slip }], start + MINUTE)
    const view = fold([...entries, ...more] satisfies FoldEntry[])
    const text = transcriptText(view, person, () => 'noon')
    expect(text).toBe('Started on https://example.com/plants\n\nGrace, noon\nDo you repair lamps?')
  })
})
