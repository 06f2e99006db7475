import type { Accounts } from '#server/accounts/accounts.ts'
import type { Agent } from '#server/store/port.ts'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ApiError } from './errors.ts'
import type { OwnOrigins } from './origins.ts'
import type { Env } from './parts.ts'

/** The largest body of an `/api` call, in bytes. */
export const MAX_BODY_BYTES = 64 * 1024

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Refuses requests by a host name that is not ours: in the demo, what another name resolves to this machine for. */
export function ownHost(origins: OwnOrigins): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!origins.isOwnHost(c.req.header('host'))) {
      throw new ApiError('foreign-origin', 'The demo answers on 127.0.0.1 and localhost alone.')
    }
    await next()
  }
}

/**
 * Refuses state-changing calls that another website has a browser make. Browsers send `Origin` with every one of
 * them; a call without is no browser's, and is refused only if it brings our cookie all the same.
 */
export function ownOrigin(origins: OwnOrigins, accounts: Accounts): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (!SAFE_METHODS.has(c.req.method)) {
      const origin = c.req.header('origin')
      const foreign =
        origin === undefined ? accounts.hasCookie(c.req.header('cookie')) : !origins.isOwn(origin, c.req.header('host'))
      if (foreign) throw new ApiError('foreign-origin', 'This call must come from a page of this server.')
    }
    await next()
  }
}

/**
 * The administrator who asks.
 *
 * @param refusal what anybody else who is signed in is told
 */
export async function administrator(accounts: Accounts, c: Context<Env>, refusal: string): Promise<Agent> {
  const signedIn = await accounts.current(c.req.header('cookie'))
  if (signedIn === null) throw new ApiError('not-signed-in', 'You are not signed in.')
  if (signedIn.agent.role !== 'admin') throw new ApiError('forbidden', refusal)
  return signedIn.agent
}

/** Refuses bodies that are larger than any call of ours, before they are read. */
export function boundedBody(): MiddlewareHandler<Env> {
  return bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new ApiError('too-large', `The request is larger than ${MAX_BODY_BYTES} bytes.`)
    },
  })
}

/** Answers of the API are nobody's to keep. */
export function uncached(): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
  }
}
