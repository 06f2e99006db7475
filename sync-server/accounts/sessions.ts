import type { AccountStore, Agent } from '#server/store/port.ts'
import { Lucia, TimeSpan, type Adapter } from 'lucia'
import { digest } from './secrets.ts'

declare module 'lucia' {
  interface Register {
    Lucia: Sessions
    DatabaseUserAttributes: Agent
  }
}

/** Lucia, as this project uses it: its users are agents. */
export type Sessions = Lucia<Record<never, never>, { agent: Agent }>

/**
 * What the session cookie is called. __Host-: browsers then take it only from this very host, over https (RFC 6265bis,
 * section 4.1.3.2).
 */
export function sessionCookie(secure: boolean): string {
  return secure ? '__Host-parley' : 'parley'
}

/**
 * Lucia over our own store. The cookie holds Lucia's session id; the store holds only its digest, so that a copy of
 * the database signs nobody in.
 *
 * @param secure whether people reach the server through https: the cookie is then never sent otherwise
 */
export function createSessions(store: AccountStore, secure: boolean, now: () => number): Sessions {
  return new Lucia(createAdapter(store, now), {
    sessionExpiresIn: new TimeSpan(30, 'd'),
    sessionCookie: { name: sessionCookie(secure), attributes: { secure, sameSite: 'lax' } },
    getUserAttributes: (agent) => ({ agent }),
  })
}

function createAdapter(store: AccountStore, now: () => number): Adapter {
  return {
    async getSessionAndUser(id) {
      const session = await store.session(digest(id))
      if (session === null) return [null, null]
      const agent = await store.agent(session.agent)
      const row = { id, userId: session.agent, expiresAt: new Date(session.expiresAt), attributes: {} }
      return [row, agent?.active === true ? { id: agent.id, attributes: agent } : null]
    },
    async getUserSessions(agent) {
      const sessions = await store.sessionsOf(agent)
      return sessions.map(({ id, expiresAt }) => ({
        id,
        userId: agent,
        expiresAt: new Date(expiresAt),
        attributes: {},
      }))
    },
    async setSession({ id, userId, expiresAt }) {
      await store.putSession({ id: digest(id), agent: userId, expiresAt: expiresAt.getTime() })
    },
    async updateSessionExpiration(id, expiresAt) {
      const session = await store.session(digest(id))
      if (session !== null) await store.putSession({ ...session, expiresAt: expiresAt.getTime() })
    },
    deleteSession: (id) => store.deleteSession(digest(id)),
    deleteUserSessions: (agent) => store.deleteSessionsOf(agent),
    deleteExpiredSessions: () => store.deleteExpiredSessions(now()),
  }
}
