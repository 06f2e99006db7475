import type { Availability } from '#conversation/availability.ts'
import { isUlid } from '#conversation/ids.ts'
import { isRecord } from './protocol.ts'

/** What the server tells a widget when it starts (`POST /api/widget/session`). */
export interface Session {
  token: string
  visitor: { id: string }
  inbox: {
    key: string
    name: string
    greeting: string
    color: string
    side: 'left' | 'right'
    /** Null: nothing is known. */
    availability: Availability | null
  }
  /** By principal. */
  agents: Record<string, { name: string; avatar: string | null; active: boolean }>
  /** Newest first. */
  conversations: {
    id: string
    status: 'open' | 'closed'
    unread: number
    last: { text: string; at: number; by: string } | null
  }[]
}

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
  asked: { inbox: string; token?: string },
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
  const session = sessionOf(await response.json().catch(() => null))
  if (session === null) throw new SessionError('unreachable', 'the answer is no session')
  return session
}

/** Reads a session that was remembered on this device; null if it is none. */
export function readSession(text: string | null): Session | null {
  try {
    return sessionOf(JSON.parse(text ?? 'null'))
  } catch {
    return null
  }
}

// By hand and not by a schema: it comes from our own server, and a schema for it would be a tenth of all that is ours here.
function sessionOf(value: unknown): Session | null {
  if (!isRecord(value) || !isRecord(value.visitor) || !isRecord(value.inbox)) return null
  const { token, visitor, inbox, agents, conversations } = value
  const said =
    isText(token) &&
    isId(visitor.id) &&
    [inbox.key, inbox.name, inbox.greeting, inbox.color].every(isText) &&
    (inbox.side === 'left' || inbox.side === 'right') &&
    isRecord(agents) &&
    Object.values(agents).every(isAgent) &&
    Array.isArray(conversations) &&
    conversations.every(isListed)
  if (!said) return null
  const { availability } = inbox
  // Whoever knows no hours, or writes them in another way, promises nothing.
  const known = { ...inbox, availability: isAvailability(availability) ? availability : null }
  return { ...value, inbox: known } as unknown as Session
}

const isText = (value: unknown) => typeof value === 'string'
const isNumber = (value: unknown) => typeof value === 'number'
const isId = (value: unknown) => typeof value === 'string' && isUlid(value)

function isAgent(value: unknown): boolean {
  return isRecord(value) && isText(value.name) && (value.avatar === null || isText(value.avatar))
}

function isListed(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { id, last, status, unread } = value
  const told = last === null || (isRecord(last) && isText(last.text) && isNumber(last.at) && isText(last.by))
  return isId(id) && (status === 'open' || status === 'closed') && isNumber(unread) && told
}

function isAvailability(value: unknown): value is Availability {
  if (!isRecord(value)) return false
  const { hours, medianAnswer } = value
  const isStretch = (each: unknown) => isRecord(each) && isNumber(each.from) && isNumber(each.to)
  const isDay = (each: unknown) => Array.isArray(each) && each.every(isStretch)
  const open =
    hours === null || (isRecord(hours) && isText(hours.zone) && Array.isArray(hours.week) && hours.week.every(isDay))
  return open && (medianAnswer === null || isNumber(medianAnswer))
}
