import { describe, expect, test, vi } from 'vitest'
import { createUlid } from '#conversation/ids.ts'
import { testIds, visitor } from '../../support/conversations.ts'
import type { Session } from '../../../src/widget/session.ts'
import { conversationOf, Widget, type Stage } from '../../../src/widget/widget.svelte.ts'
import { FakeDevice } from './fake-device.ts'
import { FakePlace, session, visitorId } from './support.ts'

// Later than the people of the support file: their ids are made in the same way.
const ids = testIds(1_770_000_000_000)
const [one, two] = [createUlid(ids), createUlid(ids)]
const listed = (id: string, status: 'open' | 'closed', unread = 0): Session['conversations'][number] => ({
  id,
  status,
  unread,
  last: null,
})

function memory(): Storage {
  const held = new Map<string, string>()
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
    clear: () => held.clear(),
    key: () => null,
    length: 0,
  }
}

type Answer = Session | number | 'offline'

function startWidget(place: FakePlace, answers: Answer[], storage = memory()) {
  const asked: unknown[] = []
  const devices: FakeDevice[] = []
  const widget = new Widget({
    place,
    inbox: 'demo',
    memory: storage,
    ids: testIds(),
    locale: 'en',
    visible: () => true,
    fetch: async (_url, request) => {
      asked.push(JSON.parse(String(request?.body)))
      const answer = answers.shift() ?? 500
      if (answer === 'offline') throw new TypeError('Failed to fetch')
      return typeof answer === 'number' ? new Response('{}', { status: answer }) : Response.json(answer)
    },
    createDevice: async (given) => {
      const device = new FakeDevice(`visitor:${given.visitor.id}`, testIds())
      devices.push(device)
      return device
    },
  })
  const reach = (is: Stage['is']) => vi.waitFor(() => expect(widget.stage.is).toBe(is))
  return { widget, asked, devices, reach, storage }
}

describe('starting', () => {
  test('a first visitor is nobody before the chat is opened', async () => {
    const place = new FakePlace({ shown: false })
    const { widget, asked, reach } = startWidget(place, [session()])
    expect(widget.stage.is).toBe('waiting')
    expect(asked).toEqual([])
    place.show(true)
    await reach('ready')
    expect(asked).toEqual([{ inbox: 'demo' }])
    expect(place.kept()).toEqual({ token: 'secret', visitor: visitorId })
    expect(place.told).toContainEqual({ is: 'look', look: { color: '#0f6a68', side: 'right' } })
  })

  test('a returning visitor says who they are, and comes back to their conversation', async () => {
    const place = new FakePlace({ kept: { token: 'secret', visitor: visitorId, conversation: one }, shown: false })
    const { widget, asked, reach } = startWidget(place, [session({ conversations: [listed(one, 'open')] })])
    await reach('ready')
    expect(asked).toMatchObject([{ token: 'secret' }])
    expect(widget.stage.is === 'ready' && widget.stage.chat.conversation).toBe(one)
  })

  test('a token that the server no longer knows makes a new visitor, who has no conversation', async () => {
    const place = new FakePlace({ kept: { token: 'old', visitor: createUlid(ids), conversation: one } })
    const { reach } = startWidget(place, [session()])
    await reach('ready')
    expect(place.kept()).toEqual({ token: 'secret', visitor: visitorId })
  })

  test('without a network the last session is good enough, with the token that the page keeps', async () => {
    const storage = memory()
    const first = startWidget(new FakePlace(), [session()], storage)
    await first.reach('ready')
    const place = new FakePlace({ kept: { token: 'secret', visitor: visitorId, conversation: one } })
    const { widget, reach } = startWidget(place, ['offline'], storage)
    await reach('ready')
    expect(widget.stage.is === 'ready' && widget.stage.chat.conversation).toBe(one)
    expect(widget.stage.is === 'ready' && widget.stage.chat.session.token).toBe('secret')
    expect(JSON.stringify(storage.getItem('parley:session:demo'))).not.toContain('secret')
  })

  test('what is remembered of another visitor is not used', async () => {
    const storage = memory()
    await startWidget(new FakePlace(), [session()], storage).reach('ready')
    const { widget, reach } = startWidget(
      new FakePlace({ kept: { token: 'other', visitor: createUlid(ids) } }),
      ['offline', session()],
      storage,
    )
    await reach('failed')
    expect(widget.stage).toEqual({ is: 'failed', why: 'unreachable' })
    await widget.start()
    expect(widget.stage.is).toBe('ready')
  })

  test('a refusal is final, a server in trouble is not', async () => {
    for (const [status, why] of [
      [403, 'refused'],
      [404, 'refused'],
      [429, 'unreachable'],
      [503, 'unreachable'],
    ] as const) {
      const { widget, reach } = startWidget(new FakePlace(), [status])
      await reach('failed')
      expect(widget.stage).toEqual({ is: 'failed', why })
    }
  })

  test('an answer that is no session is no session', async () => {
    const { widget, reach } = startWidget(new FakePlace(), [{ ...session(), token: 7 } as never])
    await reach('failed')
    expect(widget.stage).toMatchObject({ why: 'unreachable' })
  })

  test('starting over forgets the visitor and lets the old device go', async () => {
    const place = new FakePlace({ kept: { token: 'secret', visitor: visitorId, conversation: one } })
    const fresh = { ...session(), token: 'fresh', visitor: { id: createUlid(ids) } }
    const { widget, asked, devices, reach } = startWidget(place, [session(), fresh])
    await reach('ready')
    await widget.restart()
    expect(devices[0]?.closed).toBe(true)
    expect(asked[1]).not.toHaveProperty('token')
    expect(place.kept()).toEqual({ token: 'fresh', visitor: fresh.visitor.id })
    expect(visitor).not.toBe(devices[1]?.principal)
  })
})

describe('the conversation that a visitor comes back to', () => {
  const choose = (conversations: Session['conversations'], kept?: string, live = true) =>
    conversationOf(session({ conversations }), kept, live)

  test('is where they were, if that is open or holds news', () => {
    expect(choose([listed(two, 'open'), listed(one, 'open')], one)).toBe(one)
    expect(choose([listed(one, 'closed', 1)], one)).toBe(one)
  })

  test('is where they were, if the server has not heard of it yet', () => {
    expect(choose([], one)).toBe(one)
  })

  test('is none, if it has ended and they have read it', () => {
    expect(choose([listed(one, 'closed')], one)).toBeNull()
  })

  test('is the newest that goes on, for a visitor whose page kept nothing', () => {
    expect(choose([listed(two, 'closed'), listed(one, 'open')])).toBe(one)
    expect(choose([])).toBeNull()
  })

  test('is where they were without a network: what is remembered may be old', () => {
    expect(choose([listed(one, 'closed')], one, false)).toBe(one)
  })
})

describe('a website that wants its visitor forgotten', () => {
  const ended = (place: FakePlace) => place.told.filter((each) => each.is === 'ended')

  test('everything goes when everything is sent', async () => {
    const place = new FakePlace({ kept: { token: 'secret', visitor: visitorId } })
    const { widget, devices, reach, storage } = startWidget(place, [session()])
    await reach('ready')
    devices[0]?.connect('offline', 1)
    place.end('sent')
    expect(place.kept()).not.toBeNull()
    devices[0]?.connect('live', 0)
    await vi.waitFor(() => expect(ended(place)).toEqual([{ is: 'ended', forgotten: true }]))
    expect(devices[0]?.wiped).toBe(true)
    expect([place.kept(), storage.getItem('parley:session:demo'), widget.stage.is]).toEqual([null, null, 'waiting'])
  })

  test('nobody is forgotten whose words are not sent, unless they are to be thrown away', async () => {
    const place = new FakePlace({ kept: { token: 'secret', visitor: visitorId } })
    const { devices, reach } = startWidget(place, [session()])
    await reach('ready')
    devices[0]?.connect('offline', 1)
    vi.useFakeTimers()
    place.end('sent')
    await vi.advanceTimersByTimeAsync(10_000)
    vi.useRealTimers()
    expect(ended(place)).toEqual([{ is: 'ended', forgotten: false }])
    expect([devices[0]?.wiped, place.kept()?.visitor]).toEqual([false, visitorId])
    place.end('now')
    await vi.waitFor(() => expect(ended(place)).toHaveLength(2))
    expect([devices[0]?.wiped, place.kept()]).toEqual([true, null])
  })

  test('a chat that another tab has forgotten the visitor of is over, and begins anew as somebody else', async () => {
    const place = new FakePlace({ kept: { token: 'secret', visitor: visitorId } })
    const { asked, devices, reach } = startWidget(place, [session(), session({ token: 'new' })])
    await reach('ready')
    place.change(null)
    expect(devices[0]?.closed).toBe(true)
    await vi.waitFor(() => expect(place.kept()?.token).toBe('new'))
    expect(asked).toEqual([{ inbox: 'demo', token: 'secret' }, { inbox: 'demo' }])
  })
})
