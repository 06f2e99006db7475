import { expect, test } from 'vitest'
import type { Principal } from '#conversation/ids.ts'
import { createDevice } from '#sync/device.ts'
import type { OpenConversation } from '#sync/port.ts'
import { body } from '../../support/conversations.ts'
import { createLocks, newId, newPrincipal, until } from './browser.ts'
import { deviceOf, ends, FROM, nextProfile, site, storeOfDemo, words } from './site.ts'

/** Devices against the real relay over real sockets. */

test('a visitor and two agents: messages, comments that the visitor never gets, close, reopen', async () => {
  const here = await site()
  const [guest, ada, bo] = [newPrincipal('visitor'), newPrincipal('agent'), newPrincipal('agent')]
  const [visitor, first, second] = [await deviceOf(here, guest), await deviceOf(here, ada), await deviceOf(here, bo)]
  const id = newId()
  const mine = visitor.open(id)
  await mine.write.open(FROM)
  await mine.write.message(body('Hello'))
  await until(() => expect(first.inbox.conversations[0]).toMatchObject({ id, unread: 1, waiting: false }))
  expect(first.inbox.inboxes.get('demo')?.name).toBe('Demo')

  const atAda = first.open(id)
  const atBo = second.open(id)
  await until(() => expect(words(atAda)).toEqual(['Hello']))
  await until(() => expect(atBo.state).toBe('synced'))
  await atBo.write.comment(body('Who takes it?'), [ada])
  await atAda.write.assign(ada)
  await atAda.write.message(body('Good day'))
  await until(() => expect(words(mine)).toEqual(['Hello', 'Good day']))
  for (const talk of [atAda, atBo])
    await until(() => expect(words(talk)).toEqual(['Hello', 'Who takes it?', 'Good day']))
  await until(() => expect(second.inbox.conversations[0]?.summary.assignee).toBe(ada))

  await atAda.write.close()
  await until(() => expect(mine.view.status).toBe('closed'))
  await until(() => expect(second.inbox.conversations[0]?.summary.status).toBe('closed'))
  await mine.write.message(body('One more'))
  for (const talk of [mine, atAda, atBo]) await until(() => expect(talk.view.status).toBe('open'))
  for (const device of [visitor, first, second]) {
    await until(() => expect(device.connection).toMatchObject({ state: 'live', waiting: 0, refused: 0 }))
  }
})

test('typing and read markers reach who they are for, and leaving is immediate', async () => {
  const here = await site()
  const [guest, ada, bo] = [newPrincipal('visitor'), newPrincipal('agent'), newPrincipal('agent')]
  const [visitor, first, second] = [await deviceOf(here, guest), await deviceOf(here, ada), await deviceOf(here, bo)]
  const id = newId()
  const mine = visitor.open(id)
  await mine.write.open(FROM)
  const hello = await mine.write.message(body('Hello'))
  await until(() => expect(first.inbox.conversations).toHaveLength(1))
  const [atAda, atBo] = [first.open(id), second.open(id)]
  await until(() => expect(words(atAda)).toEqual(['Hello']))
  await until(() => expect(words(atBo)).toEqual(['Hello']))

  const typing = (talk: OpenConversation, who: Principal) =>
    talk.peers.find((peer) => peer.user.principal === who)?.typing ?? null
  await until(() => {
    atAda.setTyping('comment')
    expect(typing(atBo, ada)).toBe('comment')
  })
  expect(typing(mine, ada)).toBe(null)
  await until(() => {
    // A key after the other, as its end by itself is soon in this clock.
    atAda.setTyping('reply')
    expect([typing(mine, ada), typing(atBo, ada)]).toEqual(['reply', 'reply'])
  })
  // Nobody touches a key any more.
  await until(() => expect(typing(mine, ada)).toBe(null))
  expect(atAda.peers.map((peer) => peer.user.principal).sort()).toEqual([guest, bo].sort())

  atAda.markSeen(hello)
  expect(first.inbox.conversations[0]?.unread).toBe(0)
  await until(() => expect(mine.seen).toEqual({ team: hello }))
  await until(() => expect(atBo.seen).toEqual({ [ada]: hello }))
  expect(second.inbox.conversations[0]?.unread).toBe(1)
  // Another device of the same agent.
  const phone = await deviceOf(here, ada)
  await until(() => expect(phone.inbox.conversations[0]?.unread).toBe(0))

  atAda.close()
  await until(() => expect(mine.peers.map((peer) => peer.user.principal)).toEqual([bo]))
})

test('over restarts of the relay nothing is lost and nothing is doubled', async () => {
  const here = await site()
  const visitor = await deviceOf(here, newPrincipal('visitor'))
  const id = newId()
  const mine = visitor.open(id)
  await mine.write.open(FROM)
  const sent: string[] = []
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) {
      sent.push(`${round}.${i}`)
      await mine.write.message(body(`${round}.${i}`))
    }
    await here.restart()
  }
  await until(() => expect(visitor.connection).toMatchObject({ state: 'live', waiting: 0, refused: 0 }))
  await until(() => expect(words(mine)).toEqual(sent))
  const stored = await here.store.entries({ kind: 'thread', conversation: id }, 0)
  expect(stored).toHaveLength(sent.length + 1)
})

test('[4422] what the relay refuses is kept with the relay’s reason, and everything after it goes', async () => {
  const here = await site()
  // This device is told another inbox than the relay knows the visitor for.
  const visitor = await deviceOf(here, newPrincipal('visitor'), 'other')
  const mine = visitor.open(newId())
  const opened = await mine.write.open({ ...FROM, inbox: 'other' })
  await mine.write.message(body('Hello'))
  await until(() => expect(visitor.connection).toMatchObject({ state: 'live', waiting: 0, refused: 2 }))
  expect(mine.view.timeline.find((item) => item.id === opened)?.refused).toBe('not the inbox of this visitor')
  expect(await here.store.summary(mine.id)).toBe(null)
})

test('[4409] a relay that lost everything gets back what this device wrote', async () => {
  const here = await site()
  const visitor = await deviceOf(here, newPrincipal('visitor'))
  const mine = visitor.open(newId())
  const ids = [
    await mine.write.open(FROM),
    await mine.write.message(body('one')),
    await mine.write.message(body('two')),
  ]
  await until(() => expect(visitor.connection).toMatchObject({ state: 'live', waiting: 0 }))
  await here.restart(await storeOfDemo())
  const stored = async () =>
    (await here.store.entries({ kind: 'thread', conversation: mine.id }, 0)).map(({ id }) => id)
  await until(async () => expect(await stored()).toEqual(ids))
  await until(() => expect(visitor.connection).toMatchObject({ state: 'live', waiting: 0, refused: 0 }))
  await until(() => expect(words(mine)).toEqual(['one', 'two']))
})

test('[4401] a device without a session keeps what it has, and waits for a sign-in', async () => {
  const here = await site()
  const environment = { profile: nextProfile(), locks: createLocks(), persist: null }
  const device = await createDevice({ principal: newPrincipal('agent'), url: here.url, environment })
  ends.push(() => device.close())
  await until(() => expect(device.connection).toMatchObject({ state: 'signed-out', retryAt: null }))
})

test('[4403] another visitor’s conversation is out of reach', async () => {
  const here = await site()
  const [visitor, other] = [
    await deviceOf(here, newPrincipal('visitor')),
    await deviceOf(here, newPrincipal('visitor')),
  ]
  const id = newId()
  const mine = visitor.open(id)
  await mine.write.open(FROM)
  await until(() => expect(mine.view.opened?.stamp).not.toBe(null))
  const theirs = other.open(id)
  await until(() => expect(theirs.state).toBe('gone'))
  expect(words(theirs)).toEqual([])
})
