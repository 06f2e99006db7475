import { describe } from 'vitest'
import { accountTests } from './accounts.ts'
import { appendTests } from './append.ts'
import { eraseTests } from './erase.ts'
import { feedTests } from './feed.ts'
import { jobTests } from './jobs.ts'
import { ledgerTests } from './ledger.ts'
import { restoreTests } from './restored.ts'
import { waitTests } from './waits.ts'
import type { Engine } from './use-store.ts'

/** What every engine of the store must do. */
export function describeStore(name: string, engine: Engine): void {
  describe(`the store on ${name}`, () => {
    describe('append', () => appendTests(engine))
    describe('erase', () => eraseTests(engine))
    describe('restored', () => restoreTests(engine))
    describe('ledgers', () => ledgerTests(engine))
    describe('feed and markers', () => feedTests(engine))
    describe('accounts and visitors', () => accountTests(engine))
    describe('waits', () => waitTests(engine))
    describe('jobs', () => jobTests(engine))
  })
}
