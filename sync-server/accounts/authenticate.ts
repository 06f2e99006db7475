import { visitorName } from '#conversation/names.ts'
import { CloseCode } from '#conversation/wire.ts'
import type { Authenticate, Caller } from '#server/relay/port.ts'
import type { Store } from '#server/store/port.ts'
import type { IncomingMessage } from 'node:http'
import type { Accounts } from './accounts.ts'
import type { Visitors } from './visitors.ts'

type Answer = Awaited<ReturnType<Authenticate>>

const TOKEN_PREFIX = 'token.'

/**
 * Who opens a socket. A connection that offers a token (`['parley', 'token.<token>']`) is that visitor, whatever its
 * cookie; all others are agents by their session cookie, and must come from a page of our own, since browsers send the
 * cookie with a socket that any page opens.
 *
 * @param isOwn whether the request's `Origin` is our own
 */
export function createAuthenticate(parts: {
  store: Store
  accounts: Accounts
  visitors: Visitors
  isOwn: (origin: string, host: string | undefined) => boolean
}): Authenticate {
  const { store, accounts, visitors, isOwn } = parts
  return async (request) => {
    const token = tokenOf(request)
    if (token !== null) {
      // No check of the origin: the token is no ambient authority, only its holder can send it.
      const visitor = await visitors.byToken(token)
      return visitor === null
        ? refuse(CloseCode.NotSignedIn, 'unknown visitor: ask for a new session')
        : accept({
            principal: `visitor:${visitor.id}`,
            asker: { role: 'visitor', inbox: visitor.inbox },
            session: null,
            name: visitorName(`visitor:${visitor.id}`, { name: null, email: null }),
            avatar: null,
          })
    }
    const { origin, host, cookie } = request.headers
    if (origin === undefined || !isOwn(origin, host))
      return refuse(CloseCode.Forbidden, 'not from a page of this server')
    const signedIn = await accounts.current(cookie)
    if (signedIn === null) return refuse(CloseCode.NotSignedIn, 'not signed in')
    const { agent, session } = signedIn
    const asker = { role: 'agent', ...(await store.reach(agent.id)) } as const
    return accept({ principal: `agent:${agent.id}`, asker, session, name: agent.name, avatar: agent.avatar })
  }
}

/** The token that a socket offers; an empty one counts, so that it is refused and never taken for an agent. */
function tokenOf(request: IncomingMessage): string | null {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? []
  return offered.find((each) => each.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length) ?? null
}

function accept(caller: Caller): Answer {
  return { ok: true, caller }
}

function refuse(code: number, reason: string): Answer {
  return { ok: false, code, reason }
}
