import { describe, expect, test, vi } from 'vitest'
import { CommandError } from '#conversation/commands.ts'
import { ada, bo } from '../../support/conversations.ts'
import { FakePlace, session, startChat, visitorId } from './support.ts'

const closeBy = (seen: string | null) =>
  ({ kind: 'closed', by: ada, at: 0, seen, reason: 'agent', transcript: 'auto' }) as const

describe('beginning', () => {
  test('nothing begins before the first message; then there is one conversation, and the page keeps its id', async () => {
    const { chat, device, place, talk } = startChat()
    expect(chat.stage).toBe('greeting')
    expect(await chat.send('  \n ')).toBe(false)
    expect(device.talks.size).toBe(0)
    expect(await chat.send('Hello')).toBe(true)
    expect(talk().view.opened).toMatchObject({ inbox: 'demo', page: { url: 'https://example.com/lamps' } })
    expect(place.kept()?.conversation).toBe(talk().id)
    expect(chat.stage).toBe('open')
  })

  test('two quick messages begin one conversation', async () => {
    const { chat, device, talk } = startChat()
    await Promise.all([chat.send('One'), chat.send('Two')])
    expect(device.talks.size).toBe(1)
    expect(talk().view.timeline.filter(({ type }) => type === 'message')).toHaveLength(2)
  })

  test('a page that is not of the web is named by no address', async () => {
    const place = new FakePlace({ kept: { token: 'secret', visitor: visitorId } })
    place.page = async () => ({ url: 'file:///home/lamps.html', title: 'Lamps', referrer: 'android-app://mail' })
    const { chat, talk } = startChat({ place })
    await chat.send('Hello')
    expect(talk().view.opened?.page).toEqual({ url: '', title: 'Lamps', referrer: '' })
  })

  test('what the relay would refuse is refused here, and the words are the composer’s to keep', async () => {
    const { chat } = startChat()
    await chat.send('Hello')
    await expect(chat.send('x'.repeat(4001))).rejects.toThrow(CommandError)
  })

  test('a conversation that began in another tab comes here too, but not into another conversation', async () => {
    const { chat, place, newId } = startChat()
    const [first, second] = [newId(), newId()]
    place.change({ token: 'secret', visitor: visitorId, conversation: first })
    expect(chat.conversation).toBe(first)
    place.change({ token: 'secret', visitor: visitorId, conversation: second })
    expect(chat.conversation).toBe(first)
  })
})

describe('reading', () => {
  test('what is on the screen is marked as seen, once, and remembered by the page', async () => {
    const { chat, place, talk } = startChat()
    await chat.send('Hello')
    talk().stamp()
    const answer = talk().agentSays(ada, 'Good morning')
    expect(talk().marked.at(-1)).toBe(answer)
    expect(place.kept()?.read).toBe(answer)
    const marks = talk().marked.length
    talk().change()
    expect(talk().marked).toHaveLength(marks)
    expect(place.unread).toBe(0)
  })

  test('a closed panel, a tab in the background and a place further up all count as unread', async () => {
    const { chat, place, tab, talk } = startChat()
    await chat.send('Hello')
    talk().stamp()
    place.show(false)
    talk().agentSays(ada, 'One')
    expect(place.unread).toBe(1)
    place.show(true)
    expect(place.unread).toBe(0)
    tab.visible = false
    talk().agentSays(ada, 'Two')
    expect(place.unread).toBe(1)
    tab.visible = true
    chat.settle()
    expect(place.unread).toBe(0)
    chat.watch(false)
    talk().agentSays(ada, 'Three')
    talk().agentSays(bo, 'Four')
    expect(place.unread).toBe(2)
    chat.watch(true)
    expect(place.unread).toBe(0)
  })

  test('nothing is counted before the conversation is synced: the launcher has the server’s count', () => {
    const place = new FakePlace({ kept: { token: 'secret', visitor: visitorId }, shown: false })
    const { newId, device } = startChat({ place })
    const { talk } = startChat({ place, conversation: newId() })
    expect(device.talks.size).toBe(0)
    talk().state = 'offline'
    talk().agentSays(ada, 'One')
    expect(place.unread).toBeUndefined()
    talk().state = 'synced'
    talk().change()
    expect(place.unread).toBe(1)
  })

  test('the team’s marker on an entry without a line leaves the last known tick', async () => {
    const { chat, talk } = startChat()
    await chat.send('Hello')
    talk().stamp()
    const tick = () => chat.lines.flatMap((line) => (line.type === 'message' && line.mine ? [line.tick] : []))
    expect(tick()).toEqual(['stored'])
    talk().seen = { team: talk().view.lastSeen ?? '' }
    expect(tick()).toEqual(['seen'])
    talk().seen = { team: '01HV0DEM0ADA00000000000001' }
    expect(tick()).toEqual(['seen'])
  })
})

describe('typing', () => {
  test('agents who write a reply are named; comments are none of the visitor’s business', async () => {
    const { chat, talk } = startChat()
    await chat.send('Hello')
    const peer = (principal: string, name: string, typing: 'reply' | 'comment' | null) => ({
      typing,
      user: { principal, name, avatar: null },
    })
    talk().peers = [peer(ada, 'Ada Brandt', 'reply'), peer(bo, 'Bo Ek', 'comment')]
    expect(chat.typing.map(({ name }) => name)).toEqual(['Ada Brandt'])
    talk().stamp()
    await chat.end()
    expect(chat.stage).toBe('ended')
    expect(chat.typing).toEqual([])
  })

  test('the visitor’s own typing ends with sending', async () => {
    const { chat, talk } = startChat()
    await chat.send('Hello')
    chat.type(true)
    expect(talk().typing).toBe('reply')
    await chat.send('More')
    expect(talk().typing).toBeNull()
  })
})

describe('the question for an address', () => {
  test('it is asked after the first message, until it is answered', async () => {
    const { chat } = startChat()
    expect(chat.asksForAddress).toBe(false)
    await chat.send('Hello')
    expect(chat.asksForAddress).toBe(true)
    await expect(chat.identify({ email: 'no address' })).rejects.toThrow(CommandError)
    await chat.identify({ email: 'robin@example.com' })
    expect(chat.asksForAddress).toBe(false)
  })

  test('who does not want to is not asked again in this conversation', async () => {
    const { chat, place, talk } = startChat()
    await chat.send('Hello')
    chat.doNotAsk()
    expect(chat.asksForAddress).toBe(false)
    expect(place.kept()?.unasked).toBe(talk().id)
    chat.startNew()
    await chat.send('Another')
    expect(chat.asksForAddress).toBe(true)
  })
})

describe('the end', () => {
  test('[F3] a close ends the chat; going on is possible, and a message reopens it', async () => {
    const { chat, talk } = startChat()
    await chat.send('Hello')
    talk().stamp()
    talk().arrive(closeBy(talk().view.lastSeen))
    expect(chat.stage).toBe('ended')
    chat.goOn()
    expect(chat.stage).toBe('open')
    await chat.send('One more')
    talk().stamp()
    expect(talk().view.status).toBe('open')
    talk().arrive(closeBy(talk().view.lastSeen))
    expect(chat.stage).toBe('ended')
  })

  test('a new chat is another conversation, and the old one is let go', async () => {
    const { chat, device, place, talk } = startChat()
    await chat.send('Hello')
    const before = talk()
    before.stamp()
    await chat.end()
    expect(chat.stage).toBe('ended')
    chat.startNew()
    expect(chat.stage).toBe('greeting')
    expect(before.opened).toBe(0)
    expect(place.kept()).toEqual({ token: 'secret', visitor: visitorId })
    await chat.send('Another')
    expect(talk().id).not.toBe(before.id)
    await chat.close()
    expect(device.closed).toBe(true)
    expect([...device.talks.values()].map(({ opened }) => opened)).toEqual([0, 0])
  })
})

test('the team is shown without those who have left, those who answered first', async () => {
  const { chat, talk } = startChat({
    session: session({
      agents: {
        [ada]: { name: 'Ada Brandt', avatar: 'violet', active: true },
        [bo]: { name: 'Bo Ek', avatar: null, active: true },
        'agent:01HV0DEM0CY000000000000003': { name: 'Cy Moss', avatar: null, active: false },
      },
    }),
  })
  expect(chat.team.map(({ name }) => name)).toEqual(['Ada Brandt', 'Bo Ek'])
  await chat.send('Hello')
  talk().agentSays(bo, 'Good morning')
  expect(chat.team.map(({ name }) => name)).toEqual(['Bo Ek', 'Ada Brandt'])
})

describe('what the website tells, and is told', () => {
  test('who the visitor is goes with the first message, and is written once', async () => {
    const { chat, place, talk } = startChat()
    place.identify({ email: 'robin@example.com', name: 'Robin' })
    expect(chat.conversation).toBeNull()
    await chat.send('Hello')
    await vi.waitFor(() => expect(talk().view.contact).toMatchObject({ email: 'robin@example.com', name: 'Robin' }))
    talk().stamp()
    place.identify({ email: 'robin@example.com', name: 'Robin' })
    await chat.send('Again')
    expect(talk().view.timeline.filter((item) => item.type === 'event' && item.event.is === 'identified')).toHaveLength(
      1,
    )
    expect(chat.asksForAddress).toBe(false)
  })

  test('in a conversation that goes on, what is new is written at once', async () => {
    const { chat, place, talk } = startChat()
    await chat.send('Hello')
    place.identify({ name: 'Robin' })
    await vi.waitFor(() => expect(talk().view.contact.name).toBe('Robin'))
    place.identify({ name: 'Robin', phone: '+31 6 1234 5678' })
    await vi.waitFor(() => expect(talk().view.contact.phone).toBe('+31 6 1234 5678'))
    const told = talk().view.timeline.flatMap((item) => (item.type === 'event' ? [item.event] : []))
    expect(told.filter(({ is }) => is === 'identified')).toEqual([
      expect.objectContaining({ name: 'Robin' }),
      expect.objectContaining({ phone: '+31 6 1234 5678', name: undefined }),
    ])
  })

  test('an address that is none is told to the website’s developers, and hinders nobody', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { chat, place, talk } = startChat()
    place.identify({ email: 'not an address' })
    await chat.send('Hello')
    await vi.waitFor(() => expect(warn).toHaveBeenCalledWith(expect.stringContaining('identify was refused')))
    expect(talk().view.contact.email).toBeNull()
    warn.mockRestore()
  })

  test('that a conversation began, and that it was closed and by whom', async () => {
    const { chat, place, talk } = startChat()
    await chat.send('Hello')
    talk().stamp()
    const conversation = talk().id
    talk().arrive(closeBy(talk().view.lastSeen))
    expect(place.events).toEqual([
      ['conversationStarted', { conversation }],
      ['conversationClosed', { conversation, by: 'team' }],
    ])
    chat.goOn()
    await chat.send('One more thing')
    talk().stamp()
    await chat.end()
    expect(place.events.slice(2)).toEqual([['conversationClosed', { conversation, by: 'visitor' }]])
  })

  test('a conversation that was closed before it was read is no news', async () => {
    const { chat, place, device, newId } = startChat()
    const id = newId()
    const before = device.open(id)
    before.state = 'loading'
    chat.show(id)
    await before.write.open({ inbox: 'demo', page: { url: '', title: '', referrer: '' }, locale: 'en' })
    before.stamp()
    before.arrive(closeBy(before.view.lastSeen))
    before.state = 'synced'
    before.change()
    expect(place.events).toEqual([])
  })
})

describe('changing what was written', () => {
  test('[F5] one’s own message is edited in the composer, and taken back', async () => {
    const { chat, talk } = startChat()
    await chat.send('Helo')
    const item = talk().view.timeline.find((each) => each.type === 'message')
    if (item?.type !== 'message') throw new Error('no message')
    chat.edit(item)
    expect(chat.editing).toEqual({ entry: item.id, text: 'Helo' })
    await chat.send('Hello')
    expect(chat.editing).toBeNull()
    const shown = () => chat.lines.flatMap((line) => (line.type === 'message' ? [line.item] : []))
    expect(shown()).toMatchObject([{ body: { content: [{ content: [{ text: 'Hello' }] }] }, retracted: false }])
    await chat.takeBack(item.id)
    expect(shown()).toMatchObject([{ retracted: true }])
  })

  test('[F5] only for five minutes, only one’s own, and not what was refused', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { chat, talk } = startChat()
    await chat.send('Hello')
    talk().stamp()
    talk().agentSays(ada, 'Good morning')
    const [own, answer] = talk().view.timeline.filter((each) => each.type === 'message')
    if (own === undefined || answer === undefined) throw new Error('two messages were sent')
    const at = own.stamp?.at ?? 0
    vi.setSystemTime(at + 5 * 60_000 - 1)
    expect([chat.canChange(own), chat.canChange(answer)]).toEqual([true, false])
    expect(chat.canChange({ ...own, refused: 'too long' })).toBe(false)
    expect(chat.canChange({ ...own, retracted: true })).toBe(false)
    vi.setSystemTime(at + 5 * 60_000)
    expect(chat.canChange(own)).toBe(false)
    vi.useRealTimers()
  })
})
