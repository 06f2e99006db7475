import * as v from 'valibot'
import { isUlid } from '#conversation/ids.ts'
import type { Page } from './protocol.ts'

/** What the server tells a widget when it starts (`POST /api/widget/session`). */

const ulid = v.pipe(v.string(), v.check(isUlid))
const sessionSchema = v.object({
  token: v.string(),
  visitor: v.object({ id: ulid }),
  inbox: v.object({
    key: v.string(),
    name: v.string(),
    greeting: v.string(),
    color: v.string(),
    side: v.picklist(['left', 'right']),
  }),
  agents: v.record(
    v.string(),
    v.object({ name: v.string(), avatar: v.nullable(v.string()), active: v.optional(v.boolean(), true) }),
  ),
  conversations: v.array(
    v.object({
      id: ulid,
      status: v.picklist(['open', 'closed']),
      unread: v.number(),
      last: v.nullable(v.object({ text: v.string(), at: v.number(), by: v.string() })),
    }),
  ),
})

export type Session = v.InferOutput<typeof sessionSchema>

/** Why there is no session: `refused` is the server's word and final, `unreachable` is worth another try. */
export class SessionError extends Error {
  override name = 'SessionError'
  readonly why: 'refused' | 'unreachable'

  constructor(why: 'refused' | 'unreachable', message: string) {
    super(message)
    this.why = why
  }
}

/**
 * Asks for the visitor's session; without a token the server makes up a new visitor.
 * @throws SessionError
 */
export async function askSession(
  fetch: typeof globalThis.fetch,
  asked: { inbox: string; token?: string; page: Page },
): Promise<Session> {
  const body = JSON.stringify(asked)
  let response: Response
  try {
    response = await fetch('/api/widget/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
  } catch (cause) {
    throw new SessionError('unreachable', String(cause))
  }
  if (!response.ok) {
    const final = response.status >= 400 && response.status < 500 && response.status !== 429
    throw new SessionError(final ? 'refused' : 'unreachable', `the server answered ${response.status}`)
  }
  const parsed = v.safeParse(sessionSchema, await response.json().catch(() => null))
  if (!parsed.success) throw new SessionError('unreachable', 'the answer is no session')
  return parsed.output
}

/** Reads a session that was remembered on this device; null if it is none. */
export function readSession(text: string | null): Session | null {
  try {
    const parsed = v.safeParse(sessionSchema, JSON.parse(text ?? 'null'))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}
