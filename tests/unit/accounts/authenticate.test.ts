import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CloseCode } from '#conversation/wire.ts'
import { createAuthenticate } from '#server/accounts/authenticate.ts'
import { SAMPLE_AGENTS } from '#server/demo/agents.ts'
import type { Authenticate } from '#server/relay/port.ts'
import { startHttp, type HttpWorld } from '../http/support.ts'

const HOST = '127.0.0.1:3000'
const ORIGIN = `http://${HOST}`

let world: HttpWorld
let authenticate: Authenticate
let token: string
let cookieOfBo: string
beforeAll(async () => {
  world = await startHttp()
  const { store, accounts, visitors, origins } = world.parts
  authenticate = createAuthenticate({ store, accounts, visitors, isOwn: (...args) => origins.isOwn(...args) })
  token = (await visitors.create('demo')).token
  const bo = SAMPLE_AGENTS.find(({ key }) => key === 'bo')
  if (bo === undefined) throw new Error('no Bo')
  cookieOfBo = (await accounts.signInAs(bo.agent)).cookie.split(';', 1)[0] ?? ''
})
afterAll(() => world.close())

/** As much of an upgrade as authentication looks at. */
function upgrade(headers: IncomingMessage['headers']): IncomingMessage {
  return { headers: { host: HOST, ...headers } } as IncomingMessage
}
const visiting = (offered: string, more: IncomingMessage['headers'] = {}) =>
  authenticate(upgrade({ 'sec-websocket-protocol': offered, ...more }))

test('an agent by its cookie, from a page of ours, with its session and reach', async () => {
  for (const origin of [ORIGIN, 'http://localhost:3000']) {
    const answer = await authenticate(upgrade({ cookie: cookieOfBo, origin }))
    expect(answer).toEqual({
      ok: true,
      caller: {
        principal: 'agent:01HV0DEM0B0000000000000002',
        asker: { role: 'agent', admin: false, inboxes: new Set(['demo']) },
        session: (await world.parts.accounts.current(cookieOfBo))?.session,
        name: 'Bo Eriksen',
        avatar: 'teal',
      },
    })
  }
})

test('an agent’s cookie from another page, or from no page, is refused', async () => {
  for (const origin of ['http://evil.example.com', 'http://127.0.0.1:3001', 'null', undefined]) {
    const answer = await authenticate(upgrade({ cookie: cookieOfBo, ...(origin !== undefined && { origin }) }))
    expect(answer, String(origin)).toMatchObject({ ok: false, code: CloseCode.Forbidden })
  }
})

test('no session, or one that has ended, is not signed in', async () => {
  for (const cookie of [undefined, 'parley=', 'parley=unknown', 'other=1']) {
    const answer = await authenticate(upgrade({ origin: ORIGIN, ...(cookie !== undefined && { cookie }) }))
    expect(answer, cookie).toMatchObject({ ok: false, code: CloseCode.NotSignedIn })
  }
})

test('a visitor by the token among its subprotocols, from any page', async () => {
  for (const offered of [`parley, token.${token}`, `token.${token},parley`]) {
    expect(await visiting(offered, { origin: 'https://anywhere.example.com' })).toMatchObject({
      ok: true,
      caller: {
        principal: expect.stringMatching(/^visitor:/),
        asker: { role: 'visitor', inbox: 'demo' },
        session: null,
      },
    })
  }
})

test('[A3] who offers a token is a visitor, whatever the cookie', async () => {
  const both = await visiting(`parley, token.${token}`, { cookie: cookieOfBo, origin: ORIGIN })
  expect(both).toMatchObject({ ok: true, caller: { asker: { role: 'visitor' } } })
  // A bad token does not fall back to the agent.
  for (const bad of ['', 'unknown-but-well-formed-token', 'x'.repeat(2048), 'not!base64url']) {
    const answer = await visiting(`parley, token.${bad}`, { cookie: cookieOfBo, origin: ORIGIN })
    expect(answer, bad).toMatchObject({ ok: false, code: CloseCode.NotSignedIn })
  }
})
