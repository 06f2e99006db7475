import { webcrypto } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodyFromText, type Body } from '#conversation/body.ts'
import { canonicalText } from '#conversation/canonical.ts'
import type { Entry } from '#conversation/entries.ts'
import { createUlid, type Principal } from '#conversation/ids.ts'
import { digest } from '#server/accounts/secrets.ts'
import { SAMPLE_AGENTS, SAMPLE_INBOX } from '#server/demo/agents.ts'
import type { LauncherNews, WidgetSession } from '#server/http/widget-api.ts'
import type { Asker } from '#server/store/port.ts'
import { codeOf, ORIGIN, startHttp, type Ask, type HttpWorld } from './support.ts'

const SHOP = 'https://shop.example.com'
const ids = { now: () => Date.now(), random: (bytes: Uint8Array) => webcrypto.getRandomValues(bytes) }
const ada: Principal = `agent:${SAMPLE_AGENTS[0]?.agent.id}`

let world: HttpWorld
beforeAll(async () => {
  world = await startHttp()
  await world.parts.store.putInbox({ ...SAMPLE_INBOX, id: 'shop', name: 'Shop', origins: [SHOP], side: 'left' })
})
afterAll(() => world.close())

const ask = (body: object, how: Ask = {}) => world.ask('/api/widget/session', { body, origin: SHOP, ...how })
async function session(body: object, how: Ask = {}): Promise<WidgetSession> {
  const response = await ask(body, how)
  expect(response.status).toBe(200)
  return (await response.json()) as WidgetSession
}

describe('a visitor’s session', () => {
  test('a new visitor gets an unguessable token, and sees the inbox and who answers there', async () => {
    const given = await session({ inbox: 'shop', page: { url: `${SHOP}/`, title: 'Shop', referrer: '' } })
    expect(given.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(given.inbox).toEqual({
      key: 'shop',
      name: 'Shop',
      greeting: SAMPLE_INBOX.greeting,
      color: SAMPLE_INBOX.color,
      side: 'left',
      availability: { hours: null, medianAnswer: null },
    })
    // Only Ada, the administrator, reaches this inbox.
    expect(given.agents).toEqual({ [ada]: { name: 'Ada Brandt', avatar: 'violet', active: true } })
    expect(given.conversations).toEqual([])
    expect(await world.parts.store.visitorByTokenHash(digest(given.token))).toEqual({
      id: given.visitor.id,
      inbox: 'shop',
    })
    expect(await world.parts.store.visitorByTokenHash(given.token)).toBeNull()
  })

  test('the token brings the same visitor back; no cookie is set or needed', async () => {
    const first = await session({ inbox: 'shop' })
    const response = await ask({ inbox: 'shop', token: first.token })
    expect(response.headers.get('set-cookie')).toBeNull()
    const again = (await response.json()) as WidgetSession
    expect([again.token, again.visitor]).toEqual([first.token, first.visitor])
  })

  test.each(['unknown-but-well-formed-token-of-some-length', 'short', 'not base64url !', '', 'x'.repeat(2048)])(
    'the token %j is nobody’s: a new visitor',
    async (token) => {
      const given = await session({ inbox: 'shop', token })
      expect(given.token).not.toBe(token)
      expect(given.token).toHaveLength(43)
    },
  )

  test('a token of another inbox is a new visitor there', async () => {
    const first = await session({ inbox: 'shop' })
    const other = await session({ inbox: 'demo', token: first.token }, { origin: 'http://localhost:8080' })
    expect(other.token).not.toBe(first.token)
    expect(other.visitor.id).not.toBe(first.visitor.id)
  })

  test('an unknown inbox, a missing one and a monstrous token are refused', async () => {
    const unknown = await ask({ inbox: 'nope' })
    expect([unknown.status, await codeOf(unknown)]).toEqual([404, 'not-found'])
    expect((await ask({})).status).toBe(400)
    expect((await ask({ inbox: 'shop', token: 'x'.repeat(3000) })).status).toBe(400)
  })

  test('[A3] conversations come with unread messages of agents after what the visitor has seen', async () => {
    const { token, visitor } = await session({ inbox: 'shop' })
    const me: Principal = `visitor:${visitor.id}`
    const thread = { kind: 'thread', conversation: createUlid(ids) } as const
    const said = (by: Principal, text: string): Entry => ({
      kind: 'message',
      by,
      at: ids.now(),
      channel: 'chat',
      body: bodyFromText(text) as Body,
    })
    const clocks = new Map<Principal, number>()
    const write = async (entry: Entry): Promise<string> => {
      const clock = clocks.get(entry.by) ?? 0
      clocks.set(entry.by, clock + 1)
      const id = createUlid(ids)
      const asker: Asker =
        entry.by === me ? { role: 'visitor', inbox: 'shop' } : { role: 'agent', admin: true, inboxes: new Set() }
      const entries = [{ client: entry.by === me ? 4242 : 4343, clock, id, text: canonicalText(entry), entry }]
      const { results } = await world.parts.store.append(
        [{ room: thread, principal: entry.by, asker, entries }],
        ids.now(),
      )
      expect(results[0]).toMatchObject({ status: 'stored' })
      return id
    }
    const page = { url: `${SHOP}/`, title: 'Shop', referrer: '' }
    await write({ kind: 'opened', by: me, at: ids.now(), inbox: 'shop', page, locale: 'en' })
    await write(said(me, 'Hello?'))
    const state = async () => (await session({ inbox: 'shop', token })).conversations
    expect(await state()).toMatchObject([
      { id: thread.conversation, status: 'open', unread: 0, last: { text: 'Hello?' } },
    ])

    const first = await write(said(ada, 'Hi'))
    const second = await write(said(ada, 'How can I help?'))
    expect(await state()).toMatchObject([{ unread: 2, last: { text: 'How can I help?', by: ada } }])
    // The launcher asks without a session, by the token in a header; who has none, or another inbox's, has nothing unread.
    const unread = async (authorization: string, inbox = 'shop', origin = SHOP) => {
      const headers = { authorization }
      const response = await world.ask(`/api/widget/inbox?inbox=${inbox}`, { origin, headers })
      return ((await response.json()) as LauncherNews).unread
    }
    expect(await unread(token)).toBe(2)
    expect([await unread('nobody'), await unread(token, 'demo', 'http://localhost:8080')]).toEqual([0, 0])
    await world.parts.store.markSeen(me, thread, first)
    expect(await state()).toMatchObject([{ unread: 1 }])
    await write({ kind: 'retracted', by: ada, at: ids.now(), entry: second })
    expect(await state()).toMatchObject([{ unread: 0 }])
    const third = await write(said(ada, 'Anything else?'))
    await write(said(me, 'No'))
    expect(await state()).toMatchObject([{ unread: 1 }])
    await write({ kind: 'closed', by: ada, at: ids.now(), seen: third, reason: 'agent', transcript: 'no' })
    expect(await state()).toMatchObject([{ status: 'open' }])
    // Nobody else sees it.
    expect((await session({ inbox: 'shop' })).conversations).toEqual([])
  })
})

describe('which websites may ask', () => {
  test('a preflight of an allowed origin passes, without credentials', async () => {
    const headers = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
    const response = await world.ask('/api/widget/session', { method: 'OPTIONS', origin: SHOP, headers })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect(response.headers.get('access-control-allow-headers')).toMatch(/content-type/i)
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    expect(response.headers.get('vary')).toMatch(/origin/i)

    const foreign = await world.ask('/api/widget/session', {
      method: 'OPTIONS',
      origin: 'https://evil.example.com',
      headers,
    })
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('the answer can be read by the origin that asked, and no other call can', async () => {
    const response = await ask({ inbox: 'shop' })
    expect(response.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect((await world.ask('/api/session', { origin: SHOP })).headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each(['https://evil.example.com', 'null', 'http://shop.example.com', 'https://shop.example.com:8443'])(
    '%s may not use an inbox that does not allow it',
    async (origin) => {
      const response = await ask({ inbox: 'shop' }, { origin })
      expect([response.status, await codeOf(response)]).toEqual([403, 'foreign-origin'])
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  test('an origin that another inbox allows passes the preflight, and is refused by this one', async () => {
    const response = await ask({ inbox: 'shop' }, { origin: 'http://localhost:9999' })
    expect(response.status).toBe(403)
    // It may read why.
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:9999')
  })

  test('our own frame asks too', async () => {
    expect((await ask({ inbox: 'shop' }, { origin: world.url })).status).toBe(200)
  })

  test('the launcher’s look can be asked for alone', async () => {
    const response = await world.ask('/api/widget/inbox?inbox=shop', { origin: SHOP })
    // In these tests the widget is not built: its launcher has no words yet.
    expect(await response.json()).toEqual({ color: SAMPLE_INBOX.color, side: 'left', words: null, unread: 0 })
    expect((await world.ask('/api/widget/inbox?inbox=nope', { origin: SHOP })).status).toBe(404)
    expect((await world.ask('/api/widget/inbox?inbox=shop', { origin: 'https://evil.example.com' })).status).toBe(403)
  })
})

describe('limits', () => {
  test('one address makes sixty visitors at once and no more; known visitors and other addresses go on', async () => {
    const real = await startHttp({ ORIGIN })
    await real.parts.store.putInbox({ ...SAMPLE_INBOX, id: 'shop', origins: [SHOP] })
    const from = (address: string, token?: string) =>
      real.ask('/api/widget/session', {
        body: { inbox: 'shop', ...(token !== undefined && { token }) },
        origin: SHOP,
        headers: { 'x-forwarded-for': address },
      })
    const first = (await (await from('192.0.2.1')).json()) as WidgetSession
    const answers = await Promise.all(Array.from({ length: 60 }, () => from('192.0.2.1')))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1)
    expect((await from('192.0.2.1', first.token)).status).toBe(200)
    expect((await from('192.0.2.2')).status).toBe(200)
    // Behind a proxy that tells nothing all visitors look alike: they are not held together for it.
    const unknown = await Promise.all(
      Array.from({ length: 70 }, () => real.ask('/api/widget/session', { body: { inbox: 'shop' }, origin: SHOP })),
    )
    expect(unknown.every(({ status }) => status === 200)).toBe(true)
    await real.close()
  })
})
