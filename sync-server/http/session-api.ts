import type { SignedIn } from '#server/accounts/accounts.ts'
import { PASSWORD_LENGTH } from '#server/accounts/passwords.ts'
import { SAMPLE_AGENTS } from '#server/demo/agents.ts'
import type { Context, MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { addressKey } from './address.ts'
import { ApiError } from './errors.ts'
import { body } from './json.ts'
import { take } from './limits.ts'
import type { Env, HttpParts } from './parts.ts'

/** Who is signed in. */
export interface SessionAnswer {
  principal: `agent:${string}`
  name: string
  role: 'admin' | 'agent'
  avatar: string | null
}

const email = v.pipe(v.string(), v.trim(), v.maxLength(254), v.email('not an e-mail address'))
// Long enough for any password that was ever accepted, short enough to hash for a stranger.
const givenPassword = v.pipe(v.string(), v.maxLength(PASSWORD_LENGTH.max))
const newPassword = v.pipe(
  givenPassword,
  v.minLength(PASSWORD_LENGTH.min, `a password has at least ${PASSWORD_LENGTH.min} characters`),
)

const signInBody = v.object({ email: v.pipe(v.string(), v.maxLength(254)), password: givenPassword })
const setupBody = v.object({
  token: v.pipe(v.string(), v.maxLength(100)),
  name: v.pipe(v.string(), v.trim(), v.minLength(1, 'a name is needed'), v.maxLength(100)),
  email,
  password: newPassword,
  /** The website that the first inbox is for; without it there is no inbox yet. */
  website: v.optional(v.pipe(v.string(), v.maxLength(2048), v.regex(/^https?:\/\//i), v.url('not a web address'))),
})
const demoBody = v.object({ agent: v.picklist(SAMPLE_AGENTS.map(({ key }) => key)) })

/** Signing in and out, who is signed in, and the two ways in without a password. */
export function sessionApi(parts: HttpParts) {
  const { accounts, config, limits, log, setup, store } = parts

  /** Answers with the session, and keeps it in the cookie. One browser has one session: its last one ends. */
  const keep = async (c: Context<Env>, signedIn: SignedIn) => {
    await accounts.signOut(c.req.header('cookie'))
    c.header('set-cookie', signedIn.cookie)
    return c.json<SessionAnswer>(answerOf(signedIn))
  }

  return new Hono<Env>()
    .post('/sign-in', body(signInBody), async (c) => {
      const { email, password } = c.req.valid('json')
      const account = email.trim().toLowerCase()
      const address = addressKey(c.env.incoming)
      if (address !== null) take(limits.signInByAddress, address)
      take(limits.signInByAccount, account)
      const signedIn = await accounts.signIn(email, password)
      if (signedIn === null) {
        log.info({ address }, 'a sign-in was refused')
        throw new ApiError('wrong-password', 'This address and password do not fit together.')
      }
      // Only failures use the allowance up.
      limits.signInByAccount.giveBack(account)
      if (address !== null) limits.signInByAddress.giveBack(address)
      return keep(c, signedIn)
    })
    .post('/sign-out', async (c) => {
      c.header('set-cookie', await accounts.signOut(c.req.header('cookie')))
      return c.body(null, 204)
    })
    .get('/session', async (c) => {
      const signedIn = await accounts.current(c.req.header('cookie'))
      if (signedIn === null) throw new ApiError('not-signed-in', 'You are not signed in.')
      // Sockets renew the session without being able to renew the cookie: each visit does it.
      c.header('set-cookie', signedIn.cookie)
      return c.json<SessionAnswer>(answerOf(signedIn))
    })
    .use('/demo/*', demoOnly(config.demo))
    .post('/demo/session', body(demoBody), async (c) => {
      const sample = SAMPLE_AGENTS.find(({ key }) => key === c.req.valid('json').agent)
      const agent = sample === undefined ? null : await store.agent(sample.agent.id)
      if (agent?.active !== true) throw new ApiError('not-found', 'This sample agent is no longer there.')
      return keep(c, await accounts.signInAs(agent))
    })
    .post('/setup', body(setupBody), async (c) => {
      const address = addressKey(c.env.incoming)
      if (address !== null) take(limits.signInByAddress, address)
      const { token, name, email, password, website } = c.req.valid('json')
      const who = { name, email, password, ...(website !== undefined && { website }) }
      const agent = await setup.complete(token, who)
      if (agent === null)
        throw new ApiError('used-link', 'This link is used or wrong. The console shows the right one.')
      return keep(c, await accounts.signInAs(agent))
    })
}

/** Outside the demo its calls are not there at all, whatever they carry. */
function demoOnly(demo: boolean): MiddlewareHandler<Env> {
  return async (_c, next) => {
    if (!demo) throw new ApiError('not-found', 'There is no such call.')
    await next()
  }
}

function answerOf({ agent }: SignedIn): SessionAnswer {
  return { principal: `agent:${agent.id}`, name: agent.name, role: agent.role, avatar: agent.avatar }
}
