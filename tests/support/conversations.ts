import fc from 'fast-check'
import { bodyFromText, type Body } from '#conversation/body.ts'
import type { Entry } from '#conversation/entries.ts'
import { createUlid, type Ids, type Principal } from '#conversation/ids.ts'
import { reduce, targetOf, type Stamped, type Summary } from '#conversation/summary.ts'

/** People, ids and whole random conversations for tests. */

/** A clock that moves only when told, and numbered "random" bytes: the same ids in every run. */
export function testIds(start = 1_760_000_000_000): Ids & { tick(ms: number): void } {
  let now = start
  let count = 0
  return {
    now: () => now,
    tick: (ms) => void (now += ms),
    random: (bytes) => {
      count++
      for (let i = 0; i < bytes.length; i++)
        bytes[i] = i < bytes.length - 4 ? 0 : (count >> (5 * (bytes.length - 1 - i))) & 31
      return bytes
    },
  }
}

const ids = testIds()
export const ada: Principal = `agent:${createUlid(ids)}`
export const bo: Principal = `agent:${createUlid(ids)}`
export const helperBot: Principal = `bot:${createUlid(ids)}`
export const visitor: Principal = `visitor:${createUlid(ids)}`
export const stranger: Principal = `visitor:${createUlid(ids)}`

/** A body of one paragraph. */
export function body(text: string): Body {
  const made = bodyFromText(text)
  if (made === null) throw new Error('an empty body')
  return made
}

/** A conversation's first entry. */
export function openedBy(by: Principal, at = 1_760_000_000_000): Entry {
  const page = { url: 'https://example.com/plants', title: 'Plants', referrer: '' }
  return { kind: 'opened', by, at, inbox: 'demo', page, locale: 'en' }
}

/** Stamps entries in the order given, a second apart unless an entry says otherwise. */
export function stamp(entries: (Entry & { wait?: number })[], from = 1_760_000_000_000): Stamped[] {
  const fresh = testIds(from)
  const next = { thread: 0, team: 0 }
  let at = from
  return entries.map(({ wait, ...entry }) => {
    at += wait ?? 1000
    const ledger = entry.kind === 'comment' || entry.kind === 'assigned' ? 'team' : 'thread'
    return { id: createUlid(fresh), ledger, entry, stamp: { index: next[ledger]++, at } }
  })
}

interface Step {
  who: number
  what: number
  lag: number
  wait: number
  words: string
}

/**
 * Random conversations, stamped: messages, edits, retractions, closes (stale ones too), assignments, comments and
 * details, by a visitor, two agents and a bot. What an entry names lies a random number of entries back.
 */
export const conversations: fc.Arbitrary<Stamped[]> = fc
  .array(
    fc.record({
      who: fc.nat(9),
      what: fc.nat(9),
      lag: fc.nat(4),
      wait: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 9000 }) },
        { weight: 1, arbitrary: fc.constant(400_000) },
      ),
      words: fc.string({ minLength: 1, maxLength: 12 }),
    }),
    { maxLength: 40 },
  )
  .map(conversationOf)

function conversationOf(steps: Step[]): Stamped[] {
  const fresh = testIds()
  const made: Stamped[] = []
  const next = { thread: 0, team: 0 }
  let at = fresh.now()
  const add = (entry: Entry, wait: number) => {
    at += wait
    const ledger = entry.kind === 'comment' || entry.kind === 'assigned' ? 'team' : 'thread'
    made.push({ id: createUlid(fresh), ledger, entry, stamp: { index: next[ledger]++, at } })
  }
  add(openedBy(visitor), 1)
  for (const step of steps) add(entryOf(step, made), step.wait)
  return made
}

function entryOf({ who, what, lag, words }: Step, made: Stamped[]): Entry {
  const by = [visitor, visitor, visitor, visitor, ada, ada, ada, bo, bo, helperBot][who] ?? visitor
  const at = 1_760_000_000_000
  const thread = made.filter((each) => each.ledger === 'thread')
  const named = thread.at(-1 - lag)?.id
  const text = body(`${words}.`)
  const own = made.findLast(
    (each, index) => index >= made.length - 4 - lag && each.entry.kind === 'message' && each.entry.by === by,
  )
  switch (what) {
    case 0:
      return {
        kind: 'closed',
        by,
        at,
        seen: named ?? null,
        reason: by === visitor ? 'visitor' : 'agent',
        transcript: 'auto',
      }
    case 1:
      if (own !== undefined) return { kind: 'edited', by, at, entry: own.id, body: text }
      break
    case 2:
      if (own !== undefined) return { kind: 'retracted', by, at, entry: own.id }
      break
    case 3:
      return { kind: 'assigned', by: ada, at, to: lag % 2 === 0 ? bo : null, from: null }
    case 4:
      return { kind: 'comment', by: bo, at, body: text, mentions: [ada] }
    case 5:
      return {
        kind: 'identified',
        by,
        at,
        ...(lag % 2 === 0 ? { email: `v${lag}@example.com` } : { name: `V ${lag}` }),
      }
  }
  return { kind: 'message', by, at, channel: 'chat', body: text, ...(named === undefined ? {} : { seen: named }) }
}

/** Runs the reducer over stamped entries in the order given, looking targets up in all of them. */
export function reduceAll(id: string, entries: Stamped[]): Summary | null {
  let summary: Summary | null = null
  for (const each of entries) {
    const target = targetOf(each.entry)
    const named = entries.find((other) => other.id === target && other.ledger === each.ledger)
    summary = reduce(id, summary, each, named)
  }
  return summary
}
