import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEntry, readEntry, type Entry } from '#conversation/entries.ts'
import { erasedForm, erasedText, erasedWith } from '#conversation/erasure.ts'
import { fold } from '#conversation/fold.ts'
import { roleOf } from '#conversation/ids.ts'
import { summarise, type Stamped } from '#conversation/summary.ts'
import { ada, body, conversations, openedBy, stamp, visitor } from '../../support/conversations.ts'

const at = 1_760_000_000_000
const says = (text: string): Entry => ({ kind: 'message', by: visitor, at, channel: 'chat', body: body(text) })

/** The conversation with some entry of it erased, as the store does it. */
function erase(made: Stamped[], id: string): Stamped[] {
  const named = made.find((each) => each.id === id)
  const ledger = made.filter((each) => each.ledger === named?.ledger)
  const erased = erasedWith(ledger, id)
  if (erased === null || typeof erased === 'string') return made
  const ids = new Set(erased.map((each) => each.id))
  return made.map((each) => {
    const form = each.ledger === named?.ledger && ids.has(each.id) ? erasedForm(each.entry) : null
    return form === null ? each : { ...each, entry: form }
  })
}

/** What must not change by an erasure: everything but words and what hangs on them. */
function lasting(made: Stamped[]) {
  const view = fold(made)
  const { status, assignee, visitorMessages, agentMessages, lastVisitorMessage, next, activeAt } =
    summarise('C', made) ?? {}
  const events = view.timeline.flatMap((item) =>
    item.type === 'event' && ['closed', 'void-close', 'reopened'].includes(item.event.is)
      ? [[item.id, item.event]]
      : [],
  )
  const crossed = view.timeline.flatMap((item) => (item.type === 'message' ? [[item.id, item.crossed]] : []))
  const { lastSeen, base } = view
  return {
    events,
    crossed: new Map(crossed as [string, string | null][]),
    told: { status, assignee, visitorMessages, agentMessages, lastVisitorMessage, next, activeAt, lastSeen, base },
    folded: { status: view.status, assignee: view.assignee },
  }
}

/** Random conversations, and any number of erasures in them. */
const erasures = fc
  .tuple(conversations, fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }))
  .map(([made, places]) => ({ made, ids: places.map((place) => made[place % made.length]?.id ?? '') }))

describe('[E8] what stands in place of an erased entry', () => {
  test('is an entry of its ledger, canonical, with author, time and kind, and no words', () => {
    fc.assert(
      fc.property(conversations, (made) => {
        for (const { ledger, entry } of made) {
          const form = erasedForm(entry)
          if (form === null) continue
          expect(parseEntry(ledger, erasedText(form))).toEqual({
            ok: true,
            entry: { kind: 'erased', by: entry.by, at: entry.at, was: entry.kind },
          })
          expect(readEntry(ledger === 'thread' ? 'team' : 'thread', erasedText(form))?.kind).toBe('unknown')
        }
      }),
    )
  })

  test('openings, closes and assignments hold no words, and stay', () => {
    const made = stamp([
      openedBy(visitor),
      says('Hello'),
      { kind: 'assigned', by: ada, at, to: ada, from: null },
      { kind: 'closed', by: ada, at, seen: null, reason: 'agent', transcript: 'no' },
    ])
    for (const place of [0, 2, 3]) expect(erasedWith(made, made[place]?.id ?? '')).toMatch(/holds no words/)
    expect(erasedWith(made, 'unknown')).toBeNull()
  })
})

describe('[E9] what is erased together', () => {
  const words = (made: Stamped[]) => JSON.stringify(made)

  test('a message with all that changes it, and nothing else', () => {
    const hello = says('First secret')
    const made = stamp([openedBy(visitor), hello, says('Other')])
    const id = made[1]!.id
    const more: Entry[] = [
      { kind: 'edited', by: visitor, at, entry: id, body: body('Second secret') },
      { kind: 'edited', by: visitor, at, entry: made[2]!.id, body: body('Other, mended') },
      { kind: 'retracted', by: visitor, at, entry: id },
    ]
    const all = [
      ...made,
      ...stamp(more, at + 60_000).map((each, i) => ({
        ...each,
        id: `X${i}`,
        stamp: { index: 3 + i, at: each.stamp.at },
      })),
    ]
    const after = erase(all, id)
    expect(after.map(({ entry }) => entry.kind)).toEqual(['opened', 'erased', 'message', 'erased', 'edited', 'erased'])
    expect(words(after)).not.toContain('secret')
    expect(words(after)).toContain('Other, mended')
    // One muted line for all of it.
    const lines = fold(after).timeline.flatMap((item) =>
      item.type === 'event' && item.event.is === 'erased' ? [item.id] : [],
    )
    expect(lines).toEqual([id])
    expect(erasedWith(after, id)).toEqual([])
    expect(erasedWith(all, 'X0')).toMatch(/with the message/)
  })

  test('details with the transcripts that name their address: the one before holds again', () => {
    const made = stamp([
      openedBy(visitor),
      { kind: 'identified', by: visitor, at, email: 'first@example.com' },
      { kind: 'identified', by: visitor, at, email: 'second@example.com' },
      { kind: 'transcript', by: 'system', at, close: openedId, to: 'second@example.com', status: 'sent' },
    ])
    const after = erase(made, made[2]!.id)
    expect(words(after)).not.toContain('second@')
    expect(summarise('C', after)?.email).toBe('first@example.com')
    expect(fold(after).contact.email).toBe('first@example.com')
  })
})

const openedId = '01K742SG000000000000000001'

describe('[F11] an erasure changes words, and nothing that follows from somebody having written', () => {
  test('status, closes, reopenings, counts, crossings and order stay, in fold and reducer', () => {
    let erased = 0
    fc.assert(
      fc.property(erasures, ({ made, ids }) => {
        const before = lasting(made)
        const without = ids.reduce(erase, made)
        const after = lasting(without)
        if (without.some(({ entry }) => entry.kind === 'erased')) erased++
        expect(after.told).toEqual(before.told)
        expect(after.folded).toEqual(before.folded)
        expect(after.events).toEqual(before.events)
        for (const [id, by] of after.crossed) expect(by).toBe(before.crossed.get(id))
      }),
    )
    expect(erased).toBeGreaterThan(20)
  })

  test('[S1] the reducer agrees with the fold about what is left', () => {
    fc.assert(
      fc.property(erasures, ({ made, ids }) => {
        const without = ids.reduce(erase, made)
        const [summary, view] = [summarise('C', without), fold(without)]
        expect(summary).toMatchObject({ status: view.status, assignee: view.assignee, ...view.contact })
        const spoken = view.timeline.filter(
          (item) =>
            item.type === 'message' ||
            (item.type === 'event' && item.event.is === 'erased' && item.event.was === 'message'),
        )
        expect(summary?.last?.entry).toBe(spoken.at(-1)?.id)
        expect(summary?.visitorMessages).toBe(spoken.filter((item) => roleOf(item.by) === 'visitor').length)
        expect(summary?.agentMessages).toBe(spoken.filter((item) => roleOf(item.by) !== 'visitor').length)
      }),
    )
  })
})
