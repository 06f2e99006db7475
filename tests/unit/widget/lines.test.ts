import { describe, expect, test } from 'vitest'
import type { Entry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import type { FoldEntry } from '#conversation/view.ts'
import { answering, lastStamped, linesOf, unreadAfter, type Line } from '../../../src/widget/lines.ts'
import { ada, bo, body, openedBy, stamp, visitor } from '../../support/conversations.ts'

const says = (by: typeof ada, text: string, wait = 1000): Entry & { wait: number } => ({
  kind: 'message',
  by,
  at: 0,
  channel: 'chat',
  body: body(text),
  wait,
})
const closed: Entry = { kind: 'closed', by: ada, at: 0, seen: null, reason: 'agent', transcript: 'auto' }

/** A line in a few letters. */
function short(line: Line): string {
  if (line.type === 'day') return 'day'
  if (line.type === 'note') return line.note.is
  return `${line.first ? '[' : ''}${line.mine ? 'me' : 'them'}:${line.tick ?? ''}${line.last ? ']' : ''}`
}

describe('the lines that a visitor reads', () => {
  test('messages of one author stand in one group until somebody else speaks or time goes by', () => {
    const view = fold(
      stamp([
        openedBy(visitor),
        says(visitor, 'One'),
        says(visitor, 'Two'),
        says(ada, 'Three'),
        says(bo, 'Four'),
        says(bo, 'Five', 6 * 60_000),
      ]),
    )
    expect(linesOf(view, undefined).map(short)).toEqual([
      'day',
      '[me:stored',
      'me:stored]',
      '[them:]',
      '[them:]',
      '[them:]',
    ])
  })

  test('ticks: on this device, stored, seen by the team, refused; a group parts where they differ', () => {
    const entries: FoldEntry[] = stamp([openedBy(visitor), says(visitor, 'One'), says(visitor, 'Two')])
    const seen = entries[1]?.id
    const at = (entries[2]?.stamp?.at ?? 0) + 1
    const waiting = { ...says(visitor, 'Three'), at }
    const view = fold([
      ...entries,
      { id: 'waiting', ledger: 'thread', entry: waiting, stamp: null },
      { id: 'refused', ledger: 'thread', entry: { ...waiting, at: at + 1 }, stamp: null, refused: 'too long' },
    ])
    const ticks = linesOf(view, seen).flatMap((line) => (line.type === 'message' ? [`${line.tick} ${line.last}`] : []))
    expect(ticks).toEqual(['seen true', 'stored true', 'waiting true', 'refused true'])
  })

  test('[A3] assignments, comments and what did not count are no lines of a visitor', () => {
    const view = fold(
      stamp([
        openedBy(visitor),
        says(visitor, 'Hello'),
        { kind: 'assigned', by: ada, at: 0, to: ada, from: null },
        { kind: 'comment', by: ada, at: 0, body: body('Be kind'), mentions: [] },
        closed,
        {
          kind: 'transcript',
          by: 'system',
          at: 0,
          close: '01HV0DEM0ADA00000000000001',
          to: null,
          status: 'no-address',
        },
      ]),
    )
    expect(view.timeline.length).toBeGreaterThan(4)
    expect(linesOf(view, undefined).map(short)).toEqual(['day', '[me:stored]'])
  })

  test('the close that holds is told below the thread; one that was reopened is a line', () => {
    const entries = stamp([openedBy(visitor), says(visitor, 'Hello')])
    const close = { ...closed, seen: entries[1]?.id ?? null }
    const start = [openedBy(visitor), says(visitor, 'Hello'), close]
    expect(linesOf(fold(stamp(start)), undefined).map(short)).toEqual(['day', '[me:stored]'])
    const again = fold(stamp([...start, says(visitor, 'One more')]))
    expect(linesOf(again, undefined).map(short)).toEqual(['day', '[me:stored]', 'closed', 'reopened', '[me:stored]'])
  })

  test('of several addresses only the one that holds is shown', () => {
    const given = (email: string): Entry => ({ kind: 'identified', by: visitor, at: 0, email })
    const view = fold(
      stamp([openedBy(visitor), says(visitor, 'Hello'), given('a@example.com'), given('b@example.com')]),
    )
    const notes = linesOf(view, undefined).flatMap((line) => (line.type === 'note' ? [line.note] : []))
    expect(notes).toEqual([{ is: 'reach', email: 'b@example.com' }])
  })

  test('a day begins with its divider', () => {
    const view = fold(stamp([openedBy(visitor), says(visitor, 'Today'), says(visitor, 'Tomorrow', 24 * 3_600_000)]))
    expect(linesOf(view, undefined).map(short)).toEqual(['day', '[me:stored]', 'day', '[me:stored]'])
  })
})

test('unread are the team’s messages after what was read; retracted ones are not', () => {
  const entries = stamp([
    openedBy(visitor),
    says(ada, 'One'),
    says(visitor, 'Two'),
    says(ada, 'Three'),
    says(bo, 'Four'),
  ])
  const gone: Entry = { kind: 'retracted', by: bo, at: 0, entry: entries[4]?.id ?? '' }
  expect(unreadAfter(fold(entries), undefined)).toBe(3)
  expect(unreadAfter(fold(entries), entries[2]?.id)).toBe(2)
  const view = fold([
    ...entries,
    ...stamp([gone], 1_770_000_000_000).map((each) => ({ ...each, stamp: { index: 5, at: 1_770_000_000_000 } })),
  ])
  expect(unreadAfter(view, entries[2]?.id)).toBe(1)
})

test('what was read is an entry, never a line that only the fold made up', () => {
  const entries = stamp([openedBy(visitor), says(visitor, 'One')])
  const close = { ...closed, seen: entries[1]?.id ?? null }
  const view = fold(stamp([openedBy(visitor), says(visitor, 'One'), close, says(visitor, 'Two')]))
  expect(lastStamped(view)).toBe(view.timeline.at(-1)?.id)
  expect(lastStamped({ ...view, timeline: view.timeline.slice(0, -1) })).not.toContain('/')
})

test('who answered last comes first', () => {
  expect(
    answering(fold(stamp([openedBy(visitor), says(ada, 'One'), says(bo, 'Two'), says(visitor, 'Three')]))),
  ).toEqual([bo, ada])
})
