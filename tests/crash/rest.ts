import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { fold } from '#conversation/fold.ts'
import type { Batch } from './batch.ts'
import type { People } from './people.ts'
import { entriesOf, readRows, waitingJobs, type Row } from './rows.ts'

/** Only ends a hang, in ms. */
const REST_WITHIN = 60_000

/** Resolves when nothing waits to be sent, every job is done, and everybody sees all there is. */
export async function rest(batch: Batch): Promise<void> {
  const until = Date.now() + REST_WITHIN
  for (;;) {
    batch.people.reconnect()
    batch.people.lookAtAll()
    const missing = whatIsMissing(batch)
    if (missing === null) return
    if (Date.now() > until) throw new Error(`never at rest: ${missing}`)
    await wait(20)
  }
}

function whatIsMissing({ file, people }: Batch): string | null {
  for (const { device, talks } of people.all) {
    const { state, waiting, refused } = device.connection
    if (refused > 0) throw new Error(`${refused} entries of ${device.principal} were refused`)
    if (state !== 'live' || waiting > 0) return `${device.principal} is ${state}, ${waiting} wait`
    for (const talk of talks.values()) if (talk.state !== 'synced') return `${talk.id} is ${talk.state}`
  }
  const jobs = waitingJobs(file)
  if (jobs > 0) return `${jobs} jobs wait`
  const [otherwise] = shownOtherwise(
    people,
    Map.groupBy(readRows(file), ({ room }) => room),
  )
  return otherwise ?? null
}

/** Who sees anything else of a conversation than what is stored. */
export function shownOtherwise(people: People, rooms: Map<string, Row[]>): string[] {
  return people.conversations.flatMap((conversation) => {
    const entries = entriesOf(rooms, conversation)
    const forAgents = fold(entries)
    const forVisitor = fold(entries.filter(({ ledger }) => ledger === 'thread'))
    return people.all.flatMap(({ device, talks }) => {
      const view = talks.get(conversation)?.view
      const expected = device.principal.startsWith('visitor:') ? forVisitor : forAgents
      if (view === undefined || isDeepStrictEqual(view, expected)) return []
      return [
        `${device.principal} sees ${view.timeline.length} of ${expected.timeline.length} items of ${conversation}`,
      ]
    })
  })
}
