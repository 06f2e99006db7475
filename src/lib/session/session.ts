import type { SessionAnswer } from '#server/http/session-api.ts'
import type { Workspace } from '#server/http/workspace-api.ts'
import type { Kept } from '#ui/kept.ts'
import { ask, type Answer } from './api.ts'
import { ownKept } from './seat.ts'

/** Who is signed in on this device. */
export type SignedIn = SessionAnswer
export type { Workspace }

// Who was here last, so that the app opens without a network. It opens data on this device only; the server asks anew.
const KEY = 'parley.session'

/** What pages depend on that show what is somebody's, in SvelteKit's terms. */
export const SESSION = 'parley:session'

export interface Session {
  /** Who is signed in; null: nobody. */
  signedIn: SignedIn | null
  /** Whether the server says the same, once it was asked; true as long as it cannot be. Never rejects. */
  confirmed: Promise<boolean>
}

/** Who is signed in. Whoever was here last goes on at once, with a network as without: the server is asked meanwhile. */
export async function currentSession(request: typeof fetch, kept: Kept = ownKept): Promise<Session> {
  const last = remembered(kept)
  const asked = confirmedSession(request, kept)
  if (last === null) return { signedIn: await asked, confirmed: Promise.resolve(true) }
  return { signedIn: last, confirmed: asked.then((now) => JSON.stringify(now) === JSON.stringify(last)) }
}

/** Who the server says is signed in, which is remembered. A server that gives no answer, or is in trouble, is no sign-out. */
export async function confirmedSession(request: typeof fetch, kept: Kept = ownKept): Promise<SignedIn | null> {
  const answer = await ask<SignedIn>('/api/session', undefined, request)
  if (answer.is === 'offline' || (answer.is === 'refused' && answer.status >= 500)) return remembered(kept)
  const now = answer.is === 'ok' ? answer.value : null
  kept.write(KEY, now === null ? null : JSON.stringify(now))
  return now
}

/** Signs in with e-mail and password. */
export function signIn(email: string, password: string, kept: Kept = ownKept): Promise<Answer<unknown>> {
  return entering(ask('/api/sign-in', { email, password }), kept)
}

/** Signs in as one of the demo workspace's agents. */
export function signInAsDemoAgent(agent: string, kept: Kept = ownKept): Promise<Answer<unknown>> {
  return entering(ask('/api/demo/session', { agent }), kept)
}

/** Whoever comes in may be somebody else than who was here last, whose data is not to be shown even for a moment. */
async function entering(answer: Promise<Answer<unknown>>, kept: Kept): Promise<Answer<unknown>> {
  const given = await answer
  if (given.is === 'ok') kept.write(KEY, null)
  return given
}

/** Ends the session on the server, if it can be reached, and on this device in any case. */
export async function signOut(kept: Kept = ownKept): Promise<void> {
  await ask('/api/sign-out', {})
  kept.write(KEY, null)
}

/** Makes the first administrator, with the one-time link's token, and signs them in. */
export function setUp(first: {
  token: string
  name: string
  email: string
  password: string
  website?: string
}): Promise<Answer<unknown>> {
  return ask('/api/setup', first)
}

/** What the sign-in page may know before anybody is signed in, or null if the server cannot be reached. */
export async function workspace(request: typeof fetch): Promise<Workspace | null> {
  const answer = await ask<Workspace>('/api/workspace', undefined, request)
  return answer.is === 'ok' ? answer.value : null
}

function remembered(kept: Kept): SignedIn | null {
  const text = kept.read(KEY)
  return text === null ? null : (JSON.parse(text) as SignedIn)
}
