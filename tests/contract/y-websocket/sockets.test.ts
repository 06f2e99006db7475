import { createConnection } from 'node:net'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '#conversation/canonical.ts'
import { idOf, type Principal } from '#conversation/ids.ts'
import { roomName, type Room } from '#conversation/rooms.ts'
import type { FeedPage } from '#conversation/rows.ts'
import { CloseCode, decodeFrame, encodeFrame, type Frame } from '#conversation/wire.ts'
import { MAX_MESSAGE, MAX_ROOMS } from '#server/relay/limits.ts'
import { update } from '#server/relay/message.ts'
import type { NewEntry } from '#server/store/port.ts'
import { block, entry, updateOf } from '../../unit/relay/bytes.ts'
import { askerOf, message, newId, NOW, openedBy, thread } from '../../unit/relay/support.ts'
import { ada, bo, RawSocket, until, useRelay, visitor } from './server.ts'

/** The sockets themselves: refusals, bounds, the feed, and the end. */

const server = useRelay()
const asVisitor = ['parley', 'token.visitor']

/** The multiplexed socket by hand. */
class Multiplexed extends RawSocket {
  static async open(principal: Principal): Promise<Multiplexed> {
    const visiting = principal.startsWith('visitor')
    const socket = new Multiplexed(visiting ? server.url : `${server.url}?as=${principal}`, visiting ? asVisitor : [])
    await socket.opened()
    return socket
  }

  tell(frame: Frame): void {
    this.socket.send(encodeFrame(frame))
  }

  get frames(): Frame[] {
    return this.received.map((bytes) => decodeFrame(bytes)).filter((frame) => frame !== null)
  }

  get pages(): FeedPage[] {
    return this.frames.flatMap((frame) => (frame.kind === 'rows' ? [JSON.parse(frame.json) as FeedPage] : []))
  }

  closeOf(channel: number): Extract<Frame, { kind: 'close' }> | undefined {
    return this.frames.find((frame) => frame.kind === 'close' && frame.channel === channel) as
      Extract<Frame, { kind: 'close' }> | undefined
  }
}

/** A conversation, straight into the store and told on the bus, as a flush does. */
async function converse(by: Principal = visitor, inbox = 'demo'): Promise<{ room: Room; first: string }> {
  const room = thread()
  const entries: NewEntry[] = [openedBy(by), message(by, 'Hello')].map((each, clock) => {
    const said = each.kind === 'opened' ? { ...each, inbox } : each
    return { client: 4711, clock, id: newId(), text: canonicalText(said), entry: said }
  })
  const commit = await server.store.append([{ room, principal: by, asker: { role: 'visitor', inbox }, entries }], NOW)
  server.bus.publish({ type: 'rows', rows: commit.rows })
  return { room, first: entries[1]?.id ?? '' }
}

async function makeAgents(): Promise<void> {
  await server.store.putInbox({
    id: 'demo',
    name: 'Demo',
    origins: [],
    fromAddress: null,
    greeting: '',
    color: '#000000',
    side: 'right',
    hours: null,
  })
  for (const [principal, name] of [
    [ada, 'Ada'],
    [bo, 'Bo'],
  ] as const) {
    const id = idOf(principal)
    await server.store.putAgent({
      id,
      email: `${name}@example.com`,
      name,
      role: 'agent',
      passwordHash: null,
      avatar: null,
      active: true,
    })
    await server.store.setMemberships(id, ['demo'])
  }
}

describe('[N1] who may open a socket', () => {
  test('a refusal accepts and then closes with its code, on both paths', async () => {
    for (const path of ['', `/${roomName(thread())}`]) {
      const unknown = new RawSocket(server.url + path, ['parley', 'token.unknown'])
      expect(await unknown.end()).toMatchObject({ code: CloseCode.NotSignedIn })
      expect((await new RawSocket(server.url + path).end()).code).toBe(CloseCode.NotSignedIn)
    }
  })

  test("the server selects 'parley', never the token", async () => {
    const socket = await new RawSocket(server.url, asVisitor).opened()
    expect(socket.socket.protocol).toBe('parley')
    socket.socket.close()
  })

  test("a room that does not exist is 4404, on both paths; other paths are not the relay's", async () => {
    for (const name of ['nowhere', '%E0%A4%A', 'conversation/x/thread']) {
      expect((await new RawSocket(`${server.url}/${name}`, asVisitor).end()).code).toBe(CloseCode.NoSuchRoom)
    }
    const socket = await Multiplexed.open(visitor)
    socket.tell({ kind: 'open', channel: 1, room: 'nowhere' })
    await until(() => socket.closeOf(1) !== undefined)
    expect(socket.closeOf(1)?.code).toBe(CloseCode.NoSuchRoom)
    expect(socket.closed).toBeNull()
    socket.socket.close()
    expect((await new RawSocket(server.url.replace('/sync', '/other'), asVisitor).end()).code).toBe(1006)
  })

  test('a sign-out closes the sockets of that session with 4401, and no others', async () => {
    const [one, other] = [await Multiplexed.open(ada), await Multiplexed.open(bo)]
    server.bus.publish({ type: 'signed-out', agent: idOf(ada), session: 'another session' })
    server.bus.publish({ type: 'signed-out', agent: idOf(ada), session: `session of ${ada}` })
    expect((await one.end()).code).toBe(CloseCode.NotSignedIn)
    other.tell({ kind: 'ping' })
    await until(() => other.frames.some(({ kind }) => kind === 'pong'))
    server.bus.publish({ type: 'signed-out', agent: idOf(bo) })
    expect((await other.end()).code).toBe(CloseCode.NotSignedIn)
  })
})

describe('[N2] bounds', () => {
  test('text frames and bytes that are no frame close with 4400', async () => {
    for (const path of ['', `/${roomName(thread())}`]) {
      const socket = await new RawSocket(server.url + path, asVisitor).opened()
      socket.socket.send('hello')
      expect((await socket.end()).code).toBe(CloseCode.Malformed)
    }
    const noFrames = [[], [1], [1, 99], [0xff, 0xff], [0, 5, 1], [1, 1, 0], [0, 0, 1, 65], [1, 0, 200, 1, 65]]
    for (const bytes of noFrames) {
      const socket = await Multiplexed.open(visitor)
      socket.socket.send(Uint8Array.from(bytes))
      expect((await socket.end()).code).toBe(CloseCode.Malformed)
    }
  })

  test('a message over the bound closes with 4413, one at the bound does not', async () => {
    const socket = await Multiplexed.open(visitor)
    const frame = encodeFrame({ kind: 'data', channel: 1, message: new Uint8Array(MAX_MESSAGE.visitor - 2) })
    expect(frame.length).toBe(MAX_MESSAGE.visitor)
    socket.socket.send(frame)
    socket.tell({ kind: 'ping' })
    await until(() => socket.frames.some(({ kind }) => kind === 'pong'))
    socket.socket.send(new Uint8Array(MAX_MESSAGE.visitor + 1))
    expect((await socket.end()).code).toBe(CloseCode.TooLarge)
  })

  test('a visitor joins 20 rooms and no more; the socket stays', async () => {
    const socket = await Multiplexed.open(visitor)
    for (let channel = 1; channel <= MAX_ROOMS.visitor + 1; channel++)
      socket.tell({ kind: 'open', channel, room: roomName(thread()) })
    await until(() => socket.closeOf(MAX_ROOMS.visitor + 1) !== undefined)
    expect(socket.closeOf(MAX_ROOMS.visitor + 1)?.code).toBe(CloseCode.Abuse)
    await until(() => socket.frames.filter(({ kind }) => kind === 'opened').length === MAX_ROOMS.visitor)
    // A channel that was left makes room for another.
    socket.tell({ kind: 'close', channel: 1, code: 1000, reason: '' })
    socket.tell({ kind: 'open', channel: 99, room: roomName(thread()) })
    await until(() => socket.frames.some((frame) => frame.kind === 'opened' && frame.channel === 99))
    socket.socket.close()
  })

  test('a fast writer is slowed down, not closed, and nothing it says is lost', async () => {
    const { room } = await converse()
    const socket = await Multiplexed.open(visitor)
    socket.tell({ kind: 'open', channel: 1, room: roomName(room) })
    for (let i = 0; i < 450; i++) socket.tell({ kind: 'ping' })
    const bytes = updateOf([block(4712, 0, entry(newId(), canonicalText(message(visitor, 'Last'))))])
    socket.tell({ kind: 'data', channel: 1, message: update(bytes) })
    await until(() => socket.frames.filter(({ kind }) => kind === 'pong').length === 450)
    await until(async () => (await server.store.head(room))?.next === 3)
    expect(socket.closed).toBeNull()
    socket.socket.close()
  })

  test('a room that is closed leaves the other rooms of the socket alone', async () => {
    const { room } = await converse()
    const socket = await Multiplexed.open(visitor)
    socket.tell({ kind: 'open', channel: 1, room: roomName(room) })
    socket.tell({ kind: 'open', channel: 2, room: roomName(thread()) })
    socket.tell({ kind: 'data', channel: 1, message: Uint8Array.of(0, 7) })
    await until(() => socket.closeOf(1) !== undefined)
    expect(socket.closeOf(1)?.code).toBe(CloseCode.Malformed)
    socket.tell({ kind: 'data', channel: 1, message: Uint8Array.of(3) })
    socket.tell({ kind: 'data', channel: 2, message: Uint8Array.of(0, 0, 1, 0) })
    await until(() => socket.frames.some((frame) => frame.kind === 'data' && frame.channel === 2))
    expect(socket.closed).toBeNull()
    socket.socket.close()
  })

  test('a channel number twice, or 0, and frames that only the relay sends, close with 4400', async () => {
    const room = roomName(thread())
    const wrong: Frame[][] = [
      [{ kind: 'open', channel: 0, room }],
      [
        { kind: 'open', channel: 1, room },
        { kind: 'open', channel: 1, room },
      ],
      [{ kind: 'rows', json: '{}' }],
      [{ kind: 'opened', channel: 1, message: new Uint8Array() }],
      [{ kind: 'seen', room, entry: 'x' }],
    ]
    for (const frames of wrong) {
      const socket = await Multiplexed.open(visitor)
      for (const frame of frames) socket.tell(frame)
      expect((await socket.end()).code).toBe(CloseCode.Malformed)
    }
  })

  test('bytes that are no WebSocket at all do not trouble the relay', async () => {
    const { hostname, port } = new URL(server.url)
    const socket = createConnection(Number(port), hostname)
    socket.write(
      'GET /sync HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 1\r\n\r\n',
    )
    await new Promise((resolve) =>
      socket
        .once('close', resolve)
        .on('error', () => {})
        .resume(),
    )
    const fine = await Multiplexed.open(visitor)
    fine.tell({ kind: 'ping' })
    await until(() => fine.frames.length === 1)
    fine.socket.close()
  })
})

describe('[N3] the feed', () => {
  test('gives what is there, then what comes, and never a row twice or out of turn', async () => {
    await makeAgents()
    const before = await converse()
    const socket = await Multiplexed.open(ada)
    socket.tell({ kind: 'follow', cursor: 0 })
    await until(() => socket.pages.length > 0)
    expect(socket.pages[0]?.rows).toContainEqual(
      expect.objectContaining({ kind: 'conversation', id: before.room.conversation }),
    )
    const made = await Promise.all(Array.from({ length: 30 }, () => converse()))
    const rows = () => socket.pages.flatMap((page) => page.rows)
    await until(() => made.every(({ room }) => rows().some(({ id }) => id === room.conversation)))
    const versions = rows().map(({ version }) => version)
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(new Set(versions).size).toBe(versions.length)
    const cursors = socket.pages.map(({ cursor }) => cursor)
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b))
    // From where it was, nothing is told again; the answer comes all the same.
    const again = await Multiplexed.open(ada)
    again.tell({ kind: 'follow', cursor: cursors.at(-1) ?? 0 })
    await until(() => again.pages.length === 1)
    expect(again.pages[0]).toMatchObject({ rows: [], more: false })
    socket.socket.close()
    again.socket.close()
  })

  test('a history longer than a page comes in pages', async () => {
    await makeAgents()
    for (let i = 0; i < 520; i++) await converse()
    const socket = await Multiplexed.open(ada)
    socket.tell({ kind: 'follow', cursor: 0 })
    await until(() => socket.pages.at(-1)?.more === false)
    expect(socket.pages.length).toBe(2)
    expect(socket.pages.flatMap((page) => page.rows).filter(({ kind }) => kind === 'conversation').length).toBe(520)
    socket.socket.close()
  })

  test("an agent gets rows of own inboxes only, and nobody another's read markers; visitors get none", async () => {
    await makeAgents()
    const { room, first } = await converse()
    const hidden = await converse(visitor, 'other')
    const [mine, others] = [await Multiplexed.open(ada), await Multiplexed.open(bo)]
    for (const socket of [mine, others]) socket.tell({ kind: 'follow', cursor: 0 })
    await until(() => mine.pages.length > 0 && others.pages.length > 0)
    mine.tell({ kind: 'seen', room: roomName(room), entry: first })
    mine.tell({ kind: 'seen', room: roomName(hidden.room), entry: hidden.first })
    const markers = (socket: Multiplexed) =>
      socket.pages.flatMap((page) => page.rows).filter(({ kind }) => kind === 'marker')
    await until(() => markers(mine).length > 0)
    const later = await converse()
    await until(() => others.pages.some((page) => page.rows.some(({ id }) => id === later.room.conversation)))
    expect(markers(mine)).toMatchObject([{ id: room.conversation, entry: first, read: 1 }])
    expect(markers(others)).toEqual([])
    expect(
      [...mine.pages, ...others.pages].flatMap((page) => page.rows).some(({ id }) => id === hidden.room.conversation),
    ).toBe(false)
    expect((await server.store.markers(hidden.room)).size).toBe(0)
    const curious = await Multiplexed.open(visitor)
    curious.tell({ kind: 'follow', cursor: 0 })
    expect((await curious.end()).code).toBe(CloseCode.Forbidden)
    mine.socket.close()
    others.socket.close()
  })

  test('who loses an inbox is closed where it was with 4403, and the socket stays', async () => {
    await makeAgents()
    const { room } = await converse()
    const socket = await Multiplexed.open(ada)
    socket.tell({ kind: 'open', channel: 1, room: roomName(room) })
    await until(() => socket.frames.some(({ kind }) => kind === 'opened'))
    await server.store.setMemberships(idOf(ada), [])
    server.bus.publish({ type: 'access-changed', agent: idOf(ada) })
    await until(() => socket.closeOf(1) !== undefined)
    expect(socket.closeOf(1)?.code).toBe(CloseCode.Forbidden)
    expect(socket.closed).toBeNull()
    socket.socket.close()
  })
})

describe('[N4] the end', () => {
  test('closing stores what is queued and closes every socket with 4503', async () => {
    const { room } = await converse()
    const socket = await Multiplexed.open(visitor)
    socket.tell({ kind: 'open', channel: 1, room: roomName(room) })
    await until(() => socket.frames.some(({ kind }) => kind === 'opened'))
    const id = newId()
    socket.tell({
      kind: 'data',
      channel: 1,
      message: update(updateOf([block(4712, 0, entry(id, canonicalText(message(visitor, 'Bye'))))])),
    })
    socket.tell({ kind: 'ping' })
    await until(() => socket.frames.some(({ kind }) => kind === 'pong'))
    await server.stop()
    expect((await socket.end()).code).toBe(CloseCode.TryAgain)
    await server.start()
    expect((await server.store.entries(room, 2)).map((row) => row.id)).toEqual([id])
    expect(askerOf(visitor)).toEqual({ role: 'visitor', inbox: 'demo' })
  })

  test('jobs are announced, and the server can append', async () => {
    const { room, first } = await converse()
    const socket = await Multiplexed.open(ada)
    socket.tell({ kind: 'open', channel: 1, room: roomName(room) })
    await until(() => socket.frames.some(({ kind }) => kind === 'opened'))
    const close = canonicalText({ kind: 'closed', by: ada, at: NOW, seen: first, reason: 'agent', transcript: 'auto' })
    socket.tell({ kind: 'data', channel: 1, message: update(updateOf([block(4713, 0, entry(newId(), close))])) })
    await until(() => server.jobs === 1)
    const said = { kind: 'assigned', by: 'system', at: NOW, to: bo, from: null } as const
    const one = { id: newId(), text: canonicalText(said), entry: said }
    expect((await server.relay.append({ ...room, kind: 'team' }, 'system', [one])).status).toBe('stored')
    socket.socket.close()
  })
})
