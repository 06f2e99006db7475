import { expect, test } from 'vitest'
import { idOf } from '#conversation/ids.ts'
import { ada, bo } from '../../support/conversations.ts'
import { useStore, type Engine } from './use-store.ts'
import { agent, inbox, newId, NOW } from './world.ts'

/** Agents, inboxes, memberships, sessions, visitors. */
export function accountTests(engine: Engine): void {
  const world = useStore(engine)
  const id = idOf(ada)

  test('an agent comes back as it was put, by id and by address whatever its case', async () => {
    const one = agent(ada, { email: 'Ada@Example.com', passwordHash: '$argon2id$x', avatar: 'teal', active: false })
    const row = await world.store.putAgent(one)
    const { passwordHash, ...shown } = one
    expect(passwordHash).toBe('$argon2id$x')
    expect(row).toEqual({ kind: 'agent', version: expect.any(Number), ...shown })
    expect(await world.store.agent(id)).toEqual(one)
    expect(await world.store.agentByEmail('ADA@example.COM')).toEqual(one)
    expect(await world.store.agents()).toEqual([one])
    expect([await world.store.agent(newId()), await world.store.agentByEmail('x@example.com')]).toEqual([null, null])
  })

  test('putting an agent again replaces it, with a later version', async () => {
    const first = await world.store.putAgent(agent(ada))
    const second = await world.store.putAgent(agent(ada, { name: 'Ada L.' }))
    expect(second.version).toBeGreaterThan(first.version)
    expect((await world.store.agents()).map((each) => each.name)).toEqual(['Ada L.'])
  })

  test('an address belongs to one agent; the refusal names it and changes nothing', async () => {
    const { version } = await world.store.putAgent(agent(ada, { email: 'team@example.com' }))
    await expect(world.store.putAgent(agent(bo, { email: 'TEAM@example.com' }))).rejects.toThrow(/TEAM@example\.com/)
    expect(await world.store.agent(idOf(bo))).toBeNull()
    expect((await world.store.feed(ada, 0, 10)).cursor).toBe(version)
  })

  test('inboxes come back as they were put', async () => {
    const one = inbox('demo', {
      fromAddress: 'help@example.com',
      origins: ['https://a.example', 'http://localhost:*'],
      side: 'left',
      hours: { zone: 'Europe/Lisbon', week: [[{ from: 540, to: 1020 }], [], [], [], [], [], []] },
    })
    const row = await world.store.putInbox(one)
    expect(row).toEqual({ kind: 'inbox', id: 'demo', version: expect.any(Number), name: one.name })
    expect(await world.store.inbox('demo')).toEqual({ ...one, version: row.version })
    expect(await world.store.inbox('other')).toBeNull()
    const open = inbox('open')
    const { version } = await world.store.putInbox(open)
    expect(version).toBeGreaterThan(row.version)
    expect(await world.store.inboxes()).toEqual([
      { ...one, version: row.version },
      { ...open, version },
    ])
  })

  test('an inbox changes only from the version that it was read at', async () => {
    const { version } = await world.store.putInbox(inbox('demo'))
    const changed = await world.store.changeInbox(inbox('demo', { name: 'First' }), version)
    expect(changed).toEqual({ kind: 'inbox', id: 'demo', version: expect.any(Number), name: 'First' })
    expect(changed?.version).toBeGreaterThan(version)
    const before = await world.store.feed(ada, 0, 10)
    expect(await world.store.changeInbox(inbox('demo', { name: 'Second' }), version)).toBeNull()
    expect(await world.store.changeInbox(inbox('other'), version)).toBeNull()
    expect((await world.store.inboxes()).map(({ name }) => name)).toEqual(['First'])
    expect(await world.store.feed(ada, 0, 10)).toEqual(before)
  })

  test('memberships are exactly those given last', async () => {
    await world.store.putAgent(agent(ada))
    for (const key of ['a', 'b', 'c']) await world.store.putInbox(inbox(key))
    await world.store.setMemberships(id, ['a', 'b', 'a'])
    expect(await world.store.reach(id)).toEqual({ admin: false, inboxes: new Set(['a', 'b']) })
    await world.store.setMemberships(id, ['b', 'c'])
    expect((await world.store.reach(id)).inboxes).toEqual(new Set(['b', 'c']))
    await expect(world.store.setMemberships(id, ['a', 'none'])).rejects.toThrow()
    expect((await world.store.reach(id)).inboxes).toEqual(new Set(['b', 'c']))
    await world.store.putAgent(agent(ada, { role: 'admin' }))
    expect((await world.store.reach(id)).admin).toBe(true)
    expect(await world.store.reach(newId())).toEqual({ admin: false, inboxes: new Set() })
  })

  test('sessions: put, prolonged, deleted one by one, by agent, and when they are over', async () => {
    await world.store.putAgent(agent(ada))
    await world.store.putAgent(agent(bo))
    const session = (name: string, expiresAt: number, who = ada) => ({ id: name, agent: idOf(who), expiresAt })
    for (const each of [session('a', 10), session('b', 20), session('c', 30), session('d', 40, bo)]) {
      await world.store.putSession(each)
    }
    await world.store.putSession(session('a', 50))
    expect(await world.store.session('a')).toEqual(session('a', 50))
    await world.store.deleteExpiredSessions(20)
    expect(await world.store.sessionsOf(id)).toEqual([session('c', 30), session('a', 50)])
    await world.store.deleteSession('c')
    expect(await world.store.session('c')).toBeNull()
    await world.store.deleteSessionsOf(id)
    expect(await world.store.sessionsOf(id)).toEqual([])
    expect(await world.store.session('d')).toEqual(session('d', 40, bo))
    await expect(world.store.putSession({ id: 'x', agent: newId(), expiresAt: 1 })).rejects.toThrow()
  })

  test('a visitor is known by the hash of the token alone', async () => {
    const visitor = { id: newId(), inbox: 'demo', tokenHash: 'ab'.repeat(32), createdAt: NOW }
    await world.store.createVisitor(visitor)
    expect(await world.store.visitorByTokenHash(visitor.tokenHash)).toEqual({ id: visitor.id, inbox: 'demo' })
    expect(await world.store.visitorByTokenHash('cd'.repeat(32))).toBeNull()
    await expect(world.store.createVisitor({ ...visitor, id: newId() })).rejects.toThrow()
  })
}
