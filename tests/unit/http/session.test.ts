import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAgent, codeOf, cookieOf, ORIGIN, PASSWORD, startHttp, type HttpWorld } from './support.ts'

describe('signing in to a real workspace', () => {
  let world: HttpWorld
  beforeAll(async () => {
    world = await startHttp({ ORIGIN })
    await addAgent(world)
    await addAgent(world, { id: '01HV0TEST00000000000000002', email: 'gone@example.com', active: false })
  })
  afterAll(() => world.close())

  const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
    world.ask('/api/sign-in', { body: { email, password }, origin: ORIGIN, headers })

  test('gives a session in a cookie that scripts, other hosts and plain http never see', async () => {
    const response = await signIn(' DEE@example.com ', PASSWORD)
    expect(response.status).toBe(200)
    const answer = { principal: 'agent:01HV0TEST00000000000000001', name: 'Dee Okafor', role: 'agent', avatar: 'rose' }
    expect(await response.json()).toEqual(answer)
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^__Host-parley=[a-z0-9]+;/)
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) expect(cookie).toContain(attribute)
    expect(cookie).not.toContain('Domain')
    expect(response.headers.get('cache-control')).toBe('no-store')

    const session = await world.ask('/api/session', { cookie: cookieOf(response) })
    expect(await session.json()).toEqual(answer)
  })

  test('stores a digest, not the secret of the cookie', async () => {
    const secret = cookieOf(await signIn('dee@example.com', PASSWORD)).split('=')[1] ?? ''
    expect(secret.length).toBeGreaterThan(20)
    expect(await world.parts.store.session(secret)).toBeNull()
    const held = await world.parts.store.sessionsOf('01HV0TEST00000000000000001')
    expect(held.length).toBeGreaterThan(0)
    // What lies in the store opens nothing.
    for (const { id } of held) {
      expect((await world.ask('/api/session', { cookie: `__Host-parley=${id}` })).status).toBe(401)
    }
  })

  test('refuses a wrong password, an unknown address and an inactive agent in the same words', async () => {
    const refused = await Promise.all([
      signIn('dee@example.com', 'wrong password'),
      signIn('nobody@example.com', PASSWORD),
      signIn('gone@example.com', PASSWORD),
    ])
    const texts = await Promise.all(refused.map((response) => response.text()))
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(new Set(texts).size).toBe(1)
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ error: { code: 'wrong-password' } })
    for (const response of refused) expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('signing out ends the session, takes the cookie away and tells the sockets', async () => {
    const cookie = cookieOf(await signIn('dee@example.com', PASSWORD))
    const current = await world.parts.accounts.current(cookie)
    const response = await world.ask('/api/sign-out', { method: 'POST', cookie, origin: ORIGIN })
    expect(response.status).toBe(204)
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-parley=;.*Max-Age=0/)
    expect((await world.ask('/api/session', { cookie })).status).toBe(401)
    expect(world.told.at(-1)).toEqual({
      type: 'signed-out',
      agent: '01HV0TEST00000000000000001',
      session: current?.session,
    })
  })

  test('signing in again in the same browser ends the session before', async () => {
    const before = cookieOf(await signIn('dee@example.com', PASSWORD))
    const again = await signIn('dee@example.com', PASSWORD, { cookie: before })
    expect(again.status).toBe(200)
    expect((await world.ask('/api/session', { cookie: before })).status).toBe(401)
    expect((await world.ask('/api/session', { cookie: cookieOf(again) })).status).toBe(200)
  })

  test('an agent who is deactivated has no session any more', async () => {
    const id = '01HV0TEST00000000000000003'
    const agent = await addAgent(world, { id, email: 'leaver@example.com' })
    const cookie = cookieOf(await signIn('leaver@example.com', PASSWORD))
    expect((await world.ask('/api/session', { cookie })).status).toBe(200)
    await world.parts.store.putAgent({ ...agent, active: false })
    expect((await world.ask('/api/session', { cookie })).status).toBe(401)
  })

  test('a broken cookie of another program is no reason to fail', async () => {
    const cookie = cookieOf(await signIn('dee@example.com', PASSWORD))
    expect((await world.ask('/api/session', { cookie: 'other=%' })).status).toBe(401)
    // The header as a whole cannot be read then; it must not become an error of the server.
    expect((await world.ask('/api/session', { cookie: `other=%; ${cookie}` })).status).not.toBe(500)
  })

  test.each([
    ['another website', { origin: 'https://evil.example.com' }],
    ['an opaque origin', { origin: 'null' }],
    ['our host by plain http', { origin: 'http://chat.example.com' }],
    ['our name with more behind it', { origin: 'https://chat.example.com.evil.example' }],
  ])('a state-changing call from %s is refused, with and without the cookie', async (_what, headers) => {
    const cookie = cookieOf(await signIn('dee@example.com', PASSWORD))
    const out = await world.ask('/api/sign-out', { method: 'POST', cookie, ...headers })
    expect(out.status).toBe(403)
    expect(await codeOf(out)).toBe('foreign-origin')
    const body = { email: 'dee@example.com', password: PASSWORD }
    expect((await world.ask('/api/sign-in', { body, ...headers })).status).toBe(403)
    expect((await world.ask('/api/session', { cookie })).status).toBe(200)
  })

  test('a call that brings the cookie but no origin is refused', async () => {
    const cookie = cookieOf(await signIn('dee@example.com', PASSWORD))
    expect((await world.ask('/api/sign-out', { method: 'POST', cookie })).status).toBe(403)
    expect((await world.ask('/api/session', { cookie })).status).toBe(200)
  })

  test('bodies that are too large, malformed, of another type or lack a field are refused as such', async () => {
    const large = await world.ask('/api/sign-in', {
      body: { email: 'a', password: 'x'.repeat(70_000) },
      origin: ORIGIN,
    })
    expect([large.status, await codeOf(large)]).toEqual([413, 'too-large'])
    const broken = await world.ask('/api/sign-in', { body: '{"email":', origin: ORIGIN })
    expect([broken.status, await codeOf(broken)]).toEqual([400, 'invalid'])
    const form = await world.ask('/api/sign-in', {
      body: 'email=dee@example.com',
      origin: ORIGIN,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([form.status, await codeOf(form)]).toEqual([400, 'invalid'])
    const partial = await world.ask('/api/sign-in', { body: { email: 'dee@example.com' }, origin: ORIGIN })
    expect(((await partial.json()) as { error: { message: string } }).error.message).toMatch(/^password: /)
  })

  test('a body without a length is bounded too', async () => {
    let left = 100
    const chunks = new ReadableStream({
      pull: (stream) => (left-- > 0 ? stream.enqueue(new Uint8Array(1024).fill(120)) : stream.close()),
    })
    const headers = { 'content-type': 'application/json', origin: ORIGIN }
    const streamed = { method: 'POST', headers, body: chunks, duplex: 'half' }
    const response = await fetch(`${world.url}/api/sign-in`, streamed)
    expect([response.status, await codeOf(response)]).toEqual([413, 'too-large'])
  })

  test('the demo’s calls are not there', async () => {
    for (const body of [{ agent: 'ada' }, {}, { agent: 'nobody' }]) {
      const response = await world.ask('/api/demo/session', { body, origin: ORIGIN })
      expect([response.status, await codeOf(response)]).toEqual([404, 'not-found'])
    }
    expect((await world.ask('/api/mail')).status).toBe(404)
    for (const path of ['/mail', '/mail/x', '/mail/x/raw', '/demo', '/demo/', '/demo/index.html']) {
      expect((await world.ask(path)).status, path).toBe(404)
    }
    const workspace = await (await world.ask('/api/workspace')).json()
    expect(workspace).toMatchObject({ name: 'chat.example.com', demo: false, demoAgents: [] })
  })

  test('an unknown call is answered in JSON', async () => {
    const response = await world.ask('/api/nothing')
    expect([response.status, await codeOf(response)]).toEqual([404, 'not-found'])
  })
})

describe('rate limits of signing in', () => {
  let world: HttpWorld
  beforeAll(async () => {
    world = await startHttp({ ORIGIN })
    await addAgent(world)
    await addAgent(world, { id: '01HV0TEST00000000000000004', email: 'eve@example.com' })
  })
  afterAll(() => world.close())

  const signIn = (email: string, password: string, address: string) =>
    world.ask('/api/sign-in', {
      body: { email, password },
      origin: ORIGIN,
      headers: { 'x-forwarded-for': `203.0.113.250, ${address}` },
    })

  test('one account: after ten failures it waits, others do not, and time heals', async () => {
    for (let i = 0; i < 10; i++) {
      expect((await signIn('dee@example.com', 'wrong password', `198.51.100.${i}`)).status).toBe(401)
    }
    const refused = await signIn('DEE@example.com', PASSWORD, '198.51.100.99')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await codeOf(refused)).toBe('too-many')
    expect((await signIn('eve@example.com', PASSWORD, '198.51.100.99')).status).toBe(200)
    world.tick(60_000)
    expect((await signIn('dee@example.com', PASSWORD, '198.51.100.99')).status).toBe(200)
  })

  test('one address: after thirty failures it waits, whatever the account; the address before the proxy counts', async () => {
    const answers = await Promise.all(
      Array.from({ length: 31 }, (_, i) => signIn(`guess${i}@example.com`, 'wrong password', '192.0.2.7')),
    )
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1)
    expect((await signIn('eve@example.com', PASSWORD, '192.0.2.7')).status).toBe(429)
    expect((await signIn('eve@example.com', PASSWORD, '192.0.2.8')).status).toBe(200)
  })

  test('succeeding uses nothing up', async () => {
    for (let i = 0; i < 12; i++) expect((await signIn('eve@example.com', PASSWORD, '192.0.2.9')).status).toBe(200)
  })
})

describe('the demo', () => {
  let world: HttpWorld
  beforeAll(async () => {
    world = await startHttp()
  })
  afterAll(() => world.close())

  test('shows whom one can be, and signs in with one call', async () => {
    const workspace = (await (await world.ask('/api/workspace')).json()) as { demoAgents: { key: string }[] }
    expect(workspace).toMatchObject({ demo: true, setupNeeded: false })
    expect(workspace.demoAgents.map(({ key }) => key)).toEqual(['ada', 'bo', 'cy'])
    for (const [agent, role] of [
      ['ada', 'admin'],
      ['bo', 'agent'],
      ['cy', 'agent'],
    ]) {
      const response = await world.ask('/api/demo/session', { body: { agent }, origin: world.url })
      expect(response.status).toBe(200)
      const session = await world.ask('/api/session', { cookie: cookieOf(response) })
      expect(await session.json()).toMatchObject({ role })
    }
    expect((await world.ask('/api/demo/session', { body: { agent: 'dan' }, origin: world.url })).status).toBe(400)
  })

  test('its cookie works without https, and no password opens its accounts', async () => {
    const response = await world.ask('/api/demo/session', { body: { agent: 'bo' }, origin: world.url })
    expect(response.headers.get('set-cookie')).not.toContain('Secure')
    for (const password of ['', 'null', 'ada']) {
      const refused = await world.ask('/api/sign-in', {
        body: { email: 'ada@example.com', password },
        origin: world.url,
      })
      expect(refused.status).toBe(401)
    }
  })

  test('127.0.0.1 and localhost both work, and each is the other’s own origin', async () => {
    const other = `http://localhost:${world.port}`
    const response = await fetch(`${other}/api/demo/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: world.url },
      body: JSON.stringify({ agent: 'cy' }),
    })
    expect(response.status).toBe(200)
    expect(
      (await world.ask('/api/sign-out', { method: 'POST', origin: other, cookie: cookieOf(response) })).status,
    ).toBe(204)
    expect((await fetch(`http://[::1]:${world.port}/healthz`)).status).toBe(200)
  })

  test('another port of this machine, or another name, is foreign', async () => {
    for (const origin of [
      `http://127.0.0.1:${world.port + 1}`,
      `http://evil.example.com:${world.port}`,
      `https://127.0.0.1:${world.port}`,
    ]) {
      expect((await world.ask('/api/demo/session', { body: { agent: 'ada' }, origin })).status, origin).toBe(403)
    }
  })
})

describe('setting up', () => {
  test('the console’s link makes the first administrator, once', async () => {
    const world = await startHttp({ ORIGIN })
    const { token } = world.parts.setup
    const who = { name: 'Fay', email: 'fay@example.com', password: PASSWORD }
    const setUp = (body: object) => world.ask('/api/setup', { body, origin: ORIGIN })
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await (await world.ask('/api/workspace')).json()).toMatchObject({ setupNeeded: true })

    expect((await setUp({ ...who, token: 'wrong' })).status).toBe(403)
    expect((await setUp({ ...who, token, password: 'short' })).status).toBe(400)
    expect(
      (await world.ask('/api/setup', { body: { ...who, token }, origin: 'https://evil.example.com' })).status,
    ).toBe(403)
    expect(await world.parts.store.agents()).toEqual([])

    // Both at once: one of them wins.
    const [one, two] = await Promise.all([
      setUp({ ...who, token, website: 'https://www.example.com/shop' }),
      setUp({ ...who, email: 'second@example.com', token }),
    ])
    const statuses = [one.status, two.status]
    expect(statuses.toSorted()).toEqual([200, 403])
    const agents = await world.parts.store.agents()
    expect(agents).toHaveLength(1)
    expect(agents[0]).toMatchObject({ role: 'admin', active: true })
    expect(agents[0]?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)

    const won = one.status === 200 ? one : two
    expect(await (await world.ask('/api/session', { cookie: cookieOf(won) })).json()).toMatchObject({ role: 'admin' })
    expect(await (await world.ask('/api/workspace')).json()).toMatchObject({ setupNeeded: false })
    expect((await setUp({ ...who, email: 'third@example.com', token })).status).toBe(403)
    expect(world.parts.setup.token).toBeNull()
    await world.close()
  })

  test('a website makes the first inbox, for its origin', async () => {
    const world = await startHttp({ ORIGIN })
    const { token } = world.parts.setup
    const body = {
      token,
      name: 'Fay',
      email: 'fay@example.com',
      password: PASSWORD,
      website: 'https://www.example.com/shop',
    }
    expect((await world.ask('/api/setup', { body, origin: ORIGIN })).status).toBe(200)
    expect(await world.parts.store.inboxes()).toMatchObject([{ id: 'website', origins: ['https://www.example.com'] }])
    await world.close()
  })
})
