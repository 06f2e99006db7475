import { createUlid } from '#conversation/ids.ts'
import type { Agent, Store } from '#server/store/port.ts'
import { hashPassword } from './passwords.ts'
import { createToken, digest, sameDigest } from './secrets.ts'

/** The first administrator of a workspace that has no agents, made through a link that the console shows. */
export interface Setup {
  /** Whether the workspace still waits for its first administrator. */
  readonly needed: boolean
  /** The link's secret; null once it is used, or if there are agents. It lives in this process alone. */
  readonly token: string | null
  /** Makes the administrator; null if the token is wrong or used. A failure leaves the token good. */
  complete(
    token: string,
    who: { name: string; email: string; password: string; website?: string },
  ): Promise<Agent | null>
}

/** @param demo the demo brings its own agents, and is never set up */
export async function createSetup(parts: {
  store: Store
  demo: boolean
  now: () => number
  random: (bytes: Uint8Array) => Uint8Array
}): Promise<Setup> {
  const { store, now, random } = parts
  let state: { is: 'waiting'; token: string } | { is: 'working' } | { is: 'done' } =
    parts.demo || (await store.agents()).length > 0 ? { is: 'done' } : { is: 'waiting', token: createToken(random) }
  return {
    get needed() {
      return state.is !== 'done'
    },
    get token() {
      return state.is === 'waiting' ? state.token : null
    },
    async complete(token, who) {
      if (state.is !== 'waiting' || !sameDigest(digest(token), digest(state.token))) return null
      const waiting = state
      // Taken before the first await, so that two requests at once cannot both use it.
      state = { is: 'working' }
      try {
        const agent = await createAdministrator(store, createUlid({ now, random }), who)
        state = { is: 'done' }
        return agent
      } catch (error) {
        state = waiting
        throw error
      }
    },
  }
}

async function createAdministrator(
  store: Store,
  id: string,
  { name, email, password, website }: { name: string; email: string; password: string; website?: string },
): Promise<Agent> {
  const passwordHash = await hashPassword(password)
  const agent: Agent = { id, email, name, role: 'admin', passwordHash, avatar: null, active: true }
  // The inbox first: it may be written twice after a failure, the administrator's existence ends the set-up.
  if (website !== undefined) await store.putInbox(firstInbox(website))
  await store.putAgent(agent)
  return agent
}

function firstInbox(website: string) {
  const { origin, hostname } = new URL(website)
  return {
    id: 'website',
    name: hostname,
    origins: [origin],
    fromAddress: null,
    greeting: 'Hello. How can we help?',
    color: '#2f5bd0',
    side: 'right',
    hours: null,
  } as const satisfies Parameters<Store['putInbox']>[0]
}
