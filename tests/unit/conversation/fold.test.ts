import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainText } from '#conversation/body.ts'
import type { Entry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import type { ConversationView, MessageItem, TimelineItem } from '#conversation/view.ts'
import { ada, bo, body, conversations, helperBot, openedBy, stamp, visitor } from '../../support/conversations.ts'

const at = 1_760_000_000_000
const says = (by: typeof ada, text: string, seen?: string): Entry => ({
  kind: 'message',
  by,
  at,
  channel: 'chat',
  body: body(text),
  ...(seen === undefined ? {} : { seen }),
})
const closes = (by: typeof ada, seen: string | null): Entry => ({
  kind: 'closed',
  by,
  at,
  seen,
  reason: by === visitor ? 'visitor' : 'agent',
  transcript: 'auto',
})
const events = (view: ConversationView) =>
  view.timeline.flatMap((item) => (item.type === 'event' ? [item.event.is] : []))
const messages = (view: ConversationView) =>
  view.timeline.filter((item: TimelineItem): item is MessageItem => item.type === 'message')

describe('the fold', () => {
  test('[F1] any order of arrival of the same stamped entries gives the same view', () => {
    fc.assert(
      fc.property(
        conversations.chain((made) =>
          fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length })),
        ),
        ([made, shuffled]) => {
          expect(fold(shuffled)).toEqual(fold(made))
        },
      ),
    )
  })

  test('[F1] thread and team merge by stamp time', () => {
    const made = stamp([
      openedBy(visitor),
      says(visitor, 'Hello'),
      { kind: 'comment', by: bo, at, body: body('I know her'), mentions: [] },
      says(ada, 'Hi'),
    ])
    expect(fold(made).timeline.map((item) => item.type)).toEqual(['event', 'message', 'comment', 'message'])
  })

  test('[F2] what is unstamped stands last, and once, even if it is in the document and in the outbox', () => {
    const made = stamp([openedBy(visitor), says(visitor, 'Hello')])
    const mine = { ledger: 'thread' as const, id: 'MINE', entry: says(ada, 'Mine'), stamp: null }
    const view = fold([mine, ...made, { ...mine }])
    expect(messages(view).map((item) => plainText(item.body))).toEqual(['Hello', 'Mine'])
    const stored = fold([...made, mine, { ...mine, stamp: { index: 2, at: at + 9000 } }])
    expect(messages(stored).map((item) => item.stamp !== null)).toEqual([true, true])
  })

  test('[F3] a close that saw the last visitor message closes', () => {
    const made = stamp([openedBy(visitor), says(visitor, 'Hello'), says(ada, 'Hi')])
    const view = fold([...made, ...rest(made, [closes(ada, made[2]!.id)])])
    expect(view.status).toBe('closed')
  })

  test.each([
    ['an older entry', 0],
    ['nothing', null],
  ])('[F3] [F4] a close that had seen %s is void once a visitor has written, and says why', (_title, seen) => {
    const made = stamp([openedBy(visitor), says(visitor, 'Hello')])
    const view = fold([...made, ...rest(made, [closes(ada, seen === null ? null : made[seen]!.id)])])
    expect(view.status).toBe('open')
    expect(view.timeline.at(-1)).toMatchObject({ event: { is: 'void-close', why: 'newer-messages' } })
  })

  test('[F4] closing what is closed is void', () => {
    const made = stamp([openedBy(visitor), closes(ada, null), closes(bo, null)])
    expect(fold(made).timeline.at(-1)).toMatchObject({ event: { is: 'void-close', why: 'closed-already' } })
  })

  test('[F6] a late visitor message reopens; an agent message does not', () => {
    const made = stamp([openedBy(visitor), closes(ada, null), says(ada, 'One more thing')])
    expect(fold(made).status).toBe('closed')
    const view = fold([...made, ...rest(made, [says(visitor, 'Wait')])])
    expect(view.status).toBe('open')
    expect(events(view)).toEqual(['opened', 'closed', 'reopened'])
  })

  test.each([
    ['300,000 ms', 300_000, 'New', undefined],
    ['300,001 ms', 300_001, 'Old', 'too-late'],
  ])('[F5] a visitor edit stamped %s after its message', (_title, wait, text, event) => {
    const made = stamp([openedBy(visitor), says(visitor, 'Old')])
    const edit: Entry & { wait: number } = {
      kind: 'edited',
      by: visitor,
      at,
      entry: made[1]!.id,
      body: body('New'),
      wait,
    }
    const view = fold([...made, ...rest(made, [edit])])
    expect(plainText(messages(view)[0]!.body)).toBe(text)
    expect(events(view)[1]).toBe(event)
  })

  test('[F5] an agent edits without a limit of time; the last edit counts; nobody edits what is not theirs', () => {
    const made = stamp([openedBy(visitor), says(ada, 'Old')])
    const id = made[1]!.id
    const later = rest(made, [
      { kind: 'edited', by: ada, at, entry: id, body: body('First'), wait: 9_000_000 },
      { kind: 'edited', by: ada, at, entry: id, body: body('Second') },
      { kind: 'edited', by: bo, at, entry: id, body: body('Not mine') },
    ])
    expect(plainText(messages(fold([...made, ...later]))[0]!.body)).toBe('Second')
  })

  test('[F5] a retracted message stays retracted', () => {
    const made = stamp([openedBy(visitor), says(ada, 'Old')])
    const id = made[1]!.id
    const later = rest(made, [
      { kind: 'retracted', by: ada, at, entry: id },
      { kind: 'edited', by: ada, at, entry: id, body: body('Back') },
    ])
    expect(messages(fold([...made, ...later]))[0]).toMatchObject({ retracted: true, edited: null })
  })

  test('[F7] two agents who had not seen each other cross; one who had does not, nor does a bot', () => {
    const made = stamp([openedBy(visitor), says(visitor, 'Hello')])
    const hello = made[1]!.id
    const first = rest(made, [says(ada, 'From Ada', hello), says(helperBot, 'Beep', hello), says(bo, 'From Bo', hello)])
    const all = [...made, ...first]
    expect(messages(fold(all)).map((item) => item.crossed)).toEqual([null, null, null, ada])
    const knowing = [...all, ...rest(all, [says(bo, 'More', first.at(-1)!.id)])]
    expect(messages(fold(knowing)).at(-1)?.crossed).toBeNull()
  })

  test('[F8] the last assignment by stamp holds, and all show', () => {
    const made = stamp([
      openedBy(visitor),
      { kind: 'assigned', by: ada, at, to: ada, from: null },
      { kind: 'assigned', by: bo, at, to: bo, from: null },
    ])
    const view = fold(made.toReversed())
    expect(view.assignee).toBe(bo)
    expect(events(view)).toEqual(['opened', 'assigned', 'assigned'])
  })

  test('[F9] what the relay refused is shown with its reason and counts for nothing', () => {
    const made = stamp([openedBy(visitor), says(visitor, 'Hello')])
    const refused = { ledger: 'thread' as const, id: 'R', entry: closes(ada, made[1]!.id), stamp: null, refused: 'no' }
    const view = fold([...made, refused])
    expect(view.status).toBe('open')
    expect(view.timeline.at(-1)).toMatchObject({ refused: 'no', event: { is: 'refused', kind: 'closed' } })
  })

  test('[F10] one sees what one did before it is stamped', () => {
    const made = stamp([openedBy(visitor), says(visitor, 'Hello')])
    const pending = { ledger: 'thread' as const, id: 'C', entry: closes(ada, made[1]!.id), stamp: null }
    expect(fold([...made, pending]).status).toBe('closed')
    expect(fold([...made, pending]).lastSeen).toBe(made[1]!.id)
  })

  test('[E6] a kind this build does not know is one line and changes nothing else', () => {
    fc.assert(
      fc.property(conversations, fc.nat(), (made, seed) => {
        const known = fold(made)
        const last = made.at(-1)!
        const entry = { kind: 'unknown' as const, named: 'sparkled', by: ada, at }
        const place = { ledger: 'team' as const, stamp: { index: seed, at: last.stamp.at + 1 } }
        const view = fold([...made, { ...place, id: 'X', entry }])
        expect(view.timeline.at(-1)).toMatchObject({ event: { is: 'unknown', named: 'sparkled' } })
        expect({ ...view, timeline: view.timeline.slice(0, -1) }).toEqual(known)
      }),
    )
  })
})

/** Stamps more entries after those there are. */
function rest(before: ReturnType<typeof stamp>, entries: (Entry & { wait?: number })[]): ReturnType<typeof stamp> {
  const lastAt = before.at(-1)?.stamp.at ?? 0
  const count = { thread: 0, team: 0 }
  for (const each of before) count[each.ledger]++
  return stamp(entries, lastAt).map((each, index) => ({
    ...each,
    id: `LATER${before.length + index}`,
    stamp: { index: each.stamp.index + count[each.ledger], at: each.stamp.at },
  }))
}
