import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { InboxSettings } from '#conversation/inboxes.ts'
import type { ErrorBody } from '#server/http/errors.ts'
import type { InboxAnswer } from '#server/http/inbox-settings-api.ts'
import type { WidgetSession } from '#server/http/widget-api.ts'
import { SAMPLE_INBOX } from '#server/demo/agents.ts'
import { hoursOf } from '../../support/hours.ts'
import { addAgent, codeOf, cookieOf, ORIGIN, PASSWORD, startHttp, type Ask, type HttpWorld } from './support.ts'

const SHOP = 'https://shop.example.com'
const hours = hoursOf('Europe/Vienna', { weekdays: ['8:30-17:00'] })

let world: HttpWorld
let admin = ''
let agent = ''
let version = 0

const signIn = async (email: string) =>
  cookieOf(await world.ask('/api/sign-in', { body: { email, password: PASSWORD }, origin: ORIGIN }))
const read = (how: Ask = {}) => world.ask('/api/settings/inboxes/shop', { cookie: admin, ...how })
const change = (settings: Record<string, unknown>, how: Ask & { key?: string; version?: unknown } = {}) =>
  world.ask(`/api/settings/inboxes/${how.key ?? 'shop'}`, {
    method: 'PATCH',
    body: { version: how.version ?? version, change: settings },
    origin: ORIGIN,
    cookie: admin,
    ...how,
  })
const stored = async () => world.parts.store.inbox('shop')

beforeAll(async () => {
  world = await startHttp({ ORIGIN })
  await addAgent(world)
  await addAgent(world, { id: '01HV0TEST00000000000000002', email: 'boss@example.com', role: 'admin' })
  agent = await signIn('dee@example.com')
  admin = await signIn('boss@example.com')
  await world.parts.store.putInbox({ ...SAMPLE_INBOX, id: 'shop' })
  await world.parts.store.setMemberships('01HV0TEST00000000000000001', ['shop'])
})
beforeEach(async () => {
  ;({ version } = await world.parts.store.putInbox({ ...SAMPLE_INBOX, id: 'shop', name: 'Shop', origins: [SHOP] }))
  world.told.length = 0
})
afterAll(() => world.close())

describe('who', () => {
  test.each([
    ['nobody', () => ({ cookie: '' }), 401, 'not-signed-in'],
    ['an agent of the inbox', () => ({ cookie: agent }), 403, 'forbidden'],
    ['an administrator', () => ({}), 200, null],
  ] as const)('%s', async (_, how, status, code) => {
    const answers = [
      await world.ask('/api/settings/inboxes', { cookie: admin, ...how() }),
      await read(how()),
      await change({ name: 'Other' }, how()),
    ]
    expect(answers.map((each) => each.status)).toEqual([status, status, status])
    if (code !== null) expect(await Promise.all(answers.map(codeOf))).toEqual([code, code, code])
    expect((await stored())?.name).toBe(code === null ? 'Other' : 'Shop')
  })

  test('a page of another website changes nothing', async () => {
    for (const origin of ['https://evil.example.com', '']) {
      expect((await change({ name: 'Other' }, { origin })).status).toBe(403)
    }
    expect((await stored())?.name).toBe('Shop')
  })
})

describe('what', () => {
  test('all of an inbox, and the list of all', async () => {
    const expected: InboxAnswer = {
      key: 'shop',
      version,
      name: 'Shop',
      greeting: SAMPLE_INBOX.greeting,
      color: SAMPLE_INBOX.color,
      side: 'right',
      origins: [SHOP],
      hours: null,
      fromAddress: null,
      medianAnswer: null,
    }
    expect(await (await read()).json()).toEqual(expected)
    expect(await (await world.ask('/api/settings/inboxes', { cookie: admin })).json()).toEqual([expected])
    expect((await world.ask('/api/settings/inboxes/nope', { cookie: admin })).status).toBe(404)
    expect((await change({ name: 'x' }, { key: 'nope' })).status).toBe(404)
  })

  test.each<Partial<InboxSettings>>([
    { name: 'Corner shop' },
    { greeting: 'Good day', color: '#aabbcc', side: 'left' },
    { origins: [] },
    { origins: ['https://*.example.com', 'http://localhost:*'] },
    { hours },
    { fromAddress: 'shop@example.com' },
    {},
  ])('%j, and nothing else', async (settings) => {
    const before = await stored()
    const response = await change(settings)
    expect(response.status).toBe(200)
    const answer = (await response.json()) as InboxAnswer
    expect(answer).toMatchObject(settings)
    expect(answer.version).toBeGreaterThan(version)
    expect(await stored()).toEqual({ ...before, ...settings, version: answer.version })
    // Devices hear of it by the feed.
    expect(world.told).toEqual([
      { type: 'rows', rows: [{ kind: 'inbox', id: 'shop', version: answer.version, name: answer.name }] },
    ])
  })

  test('what is wrong is named field by field, and nothing is changed', async () => {
    const response = await change({
      name: '',
      origins: [SHOP, 'shop.example.com'],
      hours: { zone: 'Mars/Olympus', week: [[{ from: 60, to: 30 }], [], [], [], [], [], []] },
    })
    expect(response.status).toBe(400)
    expect(((await response.json()) as ErrorBody).error).toEqual({
      code: 'invalid',
      message: 'change.name: missing',
      fields: [
        { path: 'change.name', fault: 'missing' },
        { path: 'change.origins.1', fault: 'not-an-origin' },
        { path: 'change.hours.zone', fault: 'unknown-zone' },
        { path: 'change.hours.week.0.0', fault: 'ends-before-it-begins' },
      ],
    })
    expect(await stored()).toMatchObject({ name: 'Shop', version })
  })

  test.each([[{ id: 'other' }], [{ key: 'other' }], [{ version: 1 }], [{ members: [] }]])(
    '%j is no setting',
    async (settings) => {
      expect((await change(settings)).status).toBe(400)
    },
  )

  test.each([undefined, '1', 1.5, null])('without a version (%j) nothing is changed', async (given) => {
    const body = { version: given, change: { name: 'Other' } }
    expect((await change({}, { body })).status).toBe(400)
    expect((await stored())?.name).toBe('Shop')
  })
})

describe('two administrators', () => {
  test('the second is told that it has changed, and overwrites nothing', async () => {
    const first = (await (await change({ name: 'First' })).json()) as InboxAnswer
    const second = await change({ name: 'Second' })
    expect([second.status, await codeOf(second)]).toEqual([409, 'conflict'])
    expect(await stored()).toMatchObject({ name: 'First', version: first.version })
    expect(world.told).toHaveLength(1)
    expect((await change({ name: 'Second' }, { version: first.version })).status).toBe(200)
  })
})

test('a visitor’s next session follows', async () => {
  await change({ name: 'Corner shop', hours, origins: ['https://corner.example.com'] })
  const session = (origin: string) => world.ask('/api/widget/session', { body: { inbox: 'shop' }, origin })
  expect((await session(SHOP)).status).toBe(403)
  const { inbox } = (await (await session('https://corner.example.com')).json()) as WidgetSession
  expect(inbox).toMatchObject({ name: 'Corner shop', availability: { hours, medianAnswer: null } })
  expect(inbox).not.toHaveProperty('fromAddress')
  expect(inbox).not.toHaveProperty('origins')
})
