import type { Bus } from '#server/bus/port.ts'
import type { Agent, Store } from '#server/store/port.ts'
import { createPasswordCheck } from './passwords.ts'
import { digest } from './secrets.ts'
import { createSessions, type Sessions } from './sessions.ts'

/** Somebody who is signed in. */
export interface SignedIn {
  agent: Agent
  /** Names the session without being its secret: what sockets and the bus know it by. */
  session: string
  /** The `Set-Cookie` header's value that keeps this session. */
  cookie: string
}

export interface Accounts {
  /** Null if the address or the password is wrong, or the account is not active; which of them is nobody's business. */
  signIn(email: string, password: string): Promise<SignedIn | null>
  /** A session without a password: for the demo, and for whoever has just set the workspace up. */
  signInAs(agent: Agent): Promise<SignedIn>
  /** Who a request's `Cookie` header stands for. */
  current(cookieHeader: string | undefined): Promise<SignedIn | null>
  /** Ends the cookie's session, if it has one, and its sockets. Returns the `Set-Cookie` value that takes it away. */
  signOut(cookieHeader: string | undefined): Promise<string>
  /** Whether the header holds our cookie, valid or not. */
  hasCookie(cookieHeader: string | undefined): boolean
  /** Forgets sessions that have ended. */
  tidy(): Promise<void>
}

/** Agents' sessions. `secure`: people reach the server through https. */
export function createAccounts(parts: { store: Store; bus: Bus; secure: boolean; now: () => number }): Accounts {
  const { store, bus } = parts
  const sessions = createSessions(store, parts.secure, parts.now)
  const passwords = createPasswordCheck()

  const signInAs = async (agent: Agent): Promise<SignedIn> => {
    const { id } = await sessions.createSession(agent.id, {})
    return signedIn(sessions, agent, id)
  }

  return {
    signInAs,
    async signIn(email, password) {
      const agent = await store.agentByEmail(email.trim())
      const usable = agent?.active === true ? agent : null
      const right = await passwords.matches(usable?.passwordHash ?? null, password)
      return right && usable !== null ? signInAs(usable) : null
    },
    async current(cookieHeader) {
      const id = cookieOf(sessions, cookieHeader)
      if (id === null) return null
      const { user } = await sessions.validateSession(id)
      return user === null ? null : signedIn(sessions, user.agent, id)
    },
    async signOut(cookieHeader) {
      const id = cookieOf(sessions, cookieHeader)
      const session = id === null ? null : await store.session(digest(id))
      if (id !== null && session !== null) {
        await sessions.invalidateSession(id)
        bus.publish({ type: 'signed-out', agent: session.agent, session: session.id })
      }
      return sessions.createBlankSessionCookie().serialize()
    },
    hasCookie: (cookieHeader) => cookieOf(sessions, cookieHeader) !== null,
    tidy: () => sessions.deleteExpiredSessions(),
  }
}

function signedIn(sessions: Sessions, agent: Agent, id: string): SignedIn {
  return { agent, session: digest(id), cookie: sessions.createSessionCookie(id).serialize() }
}

function cookieOf(sessions: Sessions, header: string | undefined): string | null {
  if (header === undefined) return null
  try {
    return sessions.readSessionCookie(header)
  } catch {
    // Lucia percent-decodes every cookie of the header, and another program's on this host may hold a bare `%`.
    return null
  }
}
