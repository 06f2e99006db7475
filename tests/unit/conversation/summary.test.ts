import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText } from '#conversation/body.ts'
import { fold } from '#conversation/fold.ts'
import { roleOf } from '#conversation/ids.ts'
import type { Stamped, Summary } from '#conversation/summary.ts'
import { conversations, reduceAll } from '../../support/conversations.ts'

/** What the whole fold says of the things that a summary tells. */
function told(made: Stamped[]) {
  const view = fold(made)
  const messages = view.timeline.filter((item) => item.type === 'message')
  const last = messages.at(-1)
  const lastVisitor = messages.findLast((item) => roleOf(item.by) === 'visitor')
  return {
    status: view.status,
    assignee: view.assignee,
    ...view.contact,
    last:
      last === undefined
        ? null
        : {
            entry: last.id,
            by: last.by,
            text: last.retracted ? '' : plainText(last.body),
            at: last.stamp?.at,
            retracted: last.retracted,
          },
    lastVisitorMessage:
      lastVisitor === undefined
        ? null
        : { entry: lastVisitor.id, index: lastVisitor.stamp?.index, at: lastVisitor.stamp?.at },
    visitorMessages: messages.filter((item) => roleOf(item.by) === 'visitor').length,
    agentMessages: messages.filter((item) => roleOf(item.by) !== 'visitor').length,
  }
}

function telling(summary: Summary | null) {
  if (summary === null) throw new Error('no summary')
  const { status, assignee, name, email, phone, last, lastVisitorMessage, visitorMessages, agentMessages } = summary
  return { status, assignee, name, email, phone, last, lastVisitorMessage, visitorMessages, agentMessages }
}

test('[S1] the reducer agrees with the fold, however thread and team interleave', () => {
  const interleavings = conversations.chain((made) =>
    fc.tuple(fc.constant(made), fc.array(fc.boolean(), { minLength: made.length, maxLength: made.length })),
  )
  fc.assert(
    fc.property(interleavings, ([made, coins]) => {
      const thread = made.filter((each) => each.ledger === 'thread')
      const team = made.filter((each) => each.ledger === 'team')
      const mixed: Stamped[] = thread.splice(0, 1)
      for (const coin of coins) mixed.push(...((coin ? thread : team).splice(0, 1) ?? []))
      mixed.push(...thread, ...team)
      expect(mixed).toHaveLength(made.length)
      expect(telling(reduceAll('C', mixed))).toEqual(told(made))
    }),
  )
})

test('[S2] reducing entries that the summary holds changes nothing', () => {
  fc.assert(
    fc.property(conversations, fc.nat(), (made, n) => {
      const whole = reduceAll('C', made)
      expect(reduceAll('C', [...made, ...made.slice(n % made.length)])).toEqual(whole)
    }),
  )
})

test('[S1] closes and reopenings really occur in what is generated', () => {
  const closed = fc.sample(conversations, { numRuns: 300, seed: 1 }).map((made) => fold(made))
  const count = (is: string) =>
    closed.filter((view) => view.timeline.some((item) => item.type === 'event' && item.event.is === is)).length
  for (const is of ['closed', 'void-close', 'reopened', 'too-late', 'assigned'])
    expect(count(is), is).toBeGreaterThan(5)
})
