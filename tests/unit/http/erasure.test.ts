import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Room } from '#conversation/rooms.ts'
import { begin } from '../../contract/store/world.ts'
import { addAgent, codeOf, cookieOf, ORIGIN, PASSWORD, startHttp, type HttpWorld } from './support.ts'

describe('[E10] erasing over HTTP', () => {
  let world: HttpWorld
  let admin = ''
  let agent = ''
  let room: Room
  let message = ''
  const signIn = async (email: string) =>
    cookieOf(await world.ask('/api/sign-in', { body: { email, password: PASSWORD }, origin: ORIGIN }))
  const erase = (how: { cookie?: string; origin?: string; body?: unknown; conversation?: string } = {}) =>
    world.ask(`/api/conversations/${how.conversation ?? room.conversation}/erase`, {
      body: { ledger: 'thread', entry: message },
      origin: ORIGIN,
      cookie: admin,
      ...how,
    })

  beforeAll(async () => {
    world = await startHttp({ ORIGIN })
    await addAgent(world)
    await addAgent(world, { id: '01HV0TEST00000000000000002', email: 'boss@example.com', role: 'admin' })
    agent = await signIn('dee@example.com')
    admin = await signIn('boss@example.com')
    ;({ room, message } = await begin(world.parts.store))
  })
  afterAll(() => world.close())

  test('only a signed-in administrator, from a page of our own', async () => {
    const refused = [
      await erase({ cookie: '' }),
      await erase({ cookie: agent }),
      await erase({ origin: 'https://evil.example.com' }),
      await erase({ origin: '' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([401, 403, 403, 403])
    expect(await Promise.all(refused.map(codeOf))).toEqual([
      'not-signed-in',
      'forbidden',
      'foreign-origin',
      'foreign-origin',
    ])
    expect((await world.parts.store.entries(room, 1))[0]?.text).toContain('Hello')
  })

  test('what it names must be there, and hold words', async () => {
    const opening = (await world.parts.store.entries(room, 0))[0]?.id
    const other = room.conversation.replace(/.$/, 'Z')
    expect((await erase({ conversation: 'nothing' })).status).toBe(404)
    expect((await erase({ conversation: other })).status).toBe(404)
    expect((await erase({ body: { ledger: 'team', entry: message } })).status).toBe(404)
    for (const body of [
      { ledger: 'draft', entry: message },
      { ledger: 'thread', entry: 'x' },
      { entry: message },
      {},
    ]) {
      expect((await erase({ body })).status).toBe(400)
    }
    const refused = await erase({ body: { ledger: 'thread', entry: opening } })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('holds no words') } })
  })

  test('erases once; asked again, there is nothing left to erase', async () => {
    const response = await erase()
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ erased: [message] })
    expect(JSON.stringify(await world.parts.store.entries(room, 0))).not.toContain('Hello')
    expect(await (await erase()).json()).toEqual({ erased: [] })
  })
})
