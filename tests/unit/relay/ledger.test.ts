import { expect, test } from 'vitest'
import { canonicalText } from '#conversation/canonical.ts'
import { Ledger } from '#server/relay/ledger.ts'
import type { Append, AppendResult } from '#server/store/port.ts'
import { askerOf, newId, NOW, openedBy, thread, visitor } from './support.ts'

test('[R7] a conversation that began while its room was loaded anew has its owner', () => {
  const room = thread()
  const entry = openedBy(visitor)
  const first = { id: newId(), text: canonicalText(entry), client: 4711, clock: 0 }
  const append: Append = { room, principal: visitor, asker: askerOf(visitor), entries: [{ ...first, entry }] }
  const stored = { ...first, seq: 0, at: NOW, by: visitor }
  const result: AppendResult = { status: 'stored', epoch: 0, entries: [stored] }
  // Queued by a room that failed since, so this one hears of it when it is stored.
  const ledger = new Ledger(null)
  expect(ledger.settle(append, result)).toEqual([stored])
  expect(ledger.conversation).toEqual({ id: room.conversation, inbox: 'demo', visitor })
})
