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

/** Who is signed in; without a network, who was when it was last there. Null: nobody. */
export async function currentSession(request: typeof fetch, kept: Kept = ownKept): Promise<SignedIn | null> {
  const answer = await ask<SignedIn>('/api/session', undefined, request)
  if (answer.is === 'offline') return remembered(kept)
  if (answer.is === 'refused') {
    // A server in trouble is no sign-out.
    if (answer.status >= 500) return remembered(kept)
    kept.write(KEY, null)
    return null
  }
  kept.write(KEY, JSON.stringify(answer.value))
  return answer.value
}

/** Signs in with e-mail and password. */
export function signIn(email: string, password: string): Promise<Answer<unknown>> {
  return ask('/api/sign-in', { email, password })
}

/** Signs in as one of the demo workspace's agents. */
export function signInAsDemoAgent(agent: string): Promise<Answer<unknown>> {
  return ask('/api/demo/session', { agent })
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
