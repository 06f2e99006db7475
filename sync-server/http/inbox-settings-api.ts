import { inboxSettings, type InboxSettings } from '#conversation/inboxes.ts'
import type { StoredInbox } from '#server/store/port.ts'
import { Hono } from 'hono'
import * as v from 'valibot'
import type { AnswerTimes } from './answer-times.ts'
import { ApiError } from './errors.ts'
import { administrator } from './guards.ts'
import { body } from './json.ts'
import type { Env, HttpParts } from './parts.ts'

/** An inbox as administrators see it. */
export interface InboxAnswer extends InboxSettings {
  /** The key in the script tag; it does not change. */
  key: string
  /** Comes back with a change, which is refused (`conflict`) if somebody else has changed the inbox since. */
  version: number
  /** What visitors are told of how long answers take, in ms; null: nothing. */
  medianAnswer: number | null
}

const changeBody = v.strictObject({
  version: v.pipe(v.number(), v.safeInteger()),
  /** Only what changes. */
  change: v.partial(inboxSettings),
})

const ONLY = 'Only administrators change inboxes.'

/** Seeing and changing inboxes: administrators alone. */
export function inboxSettingsApi(parts: HttpParts, answerTimes: AnswerTimes) {
  const { accounts, bus, log, store } = parts
  const answer = async (inbox: StoredInbox): Promise<InboxAnswer> => ({
    ...settingsOf(inbox),
    key: inbox.id,
    version: inbox.version,
    medianAnswer: await answerTimes.median(inbox),
  })
  const inboxOf = async (key: string): Promise<StoredInbox> => {
    const inbox = await store.inbox(key)
    if (inbox === null) throw new ApiError('not-found', 'There is no such inbox.')
    return inbox
  }

  return new Hono<Env>()
    .get('/settings/inboxes', async (c) => {
      await administrator(accounts, c, ONLY)
      return c.json<InboxAnswer[]>(await Promise.all((await store.inboxes()).map(answer)))
    })
    .get('/settings/inboxes/:key', async (c) => {
      await administrator(accounts, c, ONLY)
      return c.json<InboxAnswer>(await answer(await inboxOf(c.req.param('key'))))
    })
    .patch('/settings/inboxes/:key', body(changeBody), async (c) => {
      const { id } = await administrator(accounts, c, ONLY)
      const { version, change } = c.req.valid('json')
      const inbox = await inboxOf(c.req.param('key'))
      const row = await store.changeInbox({ ...inbox, ...given(change) }, version)
      if (row === null) throw new ApiError('conflict', 'Somebody else has changed this inbox meanwhile.')
      log.info({ agent: id, inbox: inbox.id, changed: Object.keys(change) }, 'an inbox was changed')
      bus.publish({ type: 'rows', rows: [row] })
      return c.json<InboxAnswer>(await answer(await inboxOf(inbox.id)))
    })
}

function settingsOf({ name, greeting, color, side, origins, hours, fromAddress }: StoredInbox): InboxSettings {
  return { name, greeting, color, side, origins, hours, fromAddress }
}

/** Without the settings that are not there: valibot's type has them as undefined. */
function given(change: v.InferOutput<typeof changeBody>['change']): Partial<InboxSettings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
