import { isUlid } from '#conversation/ids.ts'
import { Hono } from 'hono'
import * as v from 'valibot'
import { ApiError } from './errors.ts'
import { administrator } from './guards.ts'
import { body } from './json.ts'
import type { Env, HttpParts } from './parts.ts'

/** What was erased: the entry and all that repeated its words; none if it was erased before. */
export interface ErasedAnswer {
  erased: string[]
}

const eraseBody = v.strictObject({
  ledger: v.picklist(['thread', 'team']),
  entry: v.pipe(v.string(), v.check(isUlid, 'not an entry id')),
})

/** Erasing an entry for everybody and for good: administrators alone. */
export function erasureApi({ accounts, erase, log }: HttpParts) {
  return new Hono<Env>().post('/conversations/:id/erase', body(eraseBody), async (c) => {
    const agent = await administrator(accounts, c, 'Only administrators erase what was said.')
    const conversation = c.req.param('id')
    const { ledger, entry } = c.req.valid('json')
    // What is no id is no conversation either.
    const erasure = isUlid(conversation)
      ? await erase({ kind: ledger, conversation }, entry)
      : ({ status: 'missing' } as const)
    switch (erasure.status) {
      case 'missing':
        throw new ApiError('not-found', 'There is no such entry.')
      case 'refused':
        throw new ApiError('invalid', `This cannot be erased: ${erasure.reason}.`)
      case 'known':
        return c.json<ErasedAnswer>({ erased: [] })
      case 'erased':
        // Who did it stays known; what was erased is not repeated.
        log.info(
          { agent: agent.id, conversation, ledger, entry, entries: erasure.entries.length },
          'an entry was erased',
        )
        return c.json<ErasedAnswer>({ erased: erasure.entries })
    }
  })
}
