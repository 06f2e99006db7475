import 'fake-indexeddb/auto'
import { afterEach, describe, expect, test } from 'vitest'
import { IndexeddbPersistence } from 'y-indexeddb'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { canonicalText } from '#conversation/canonical.ts'
import { append, stampsOf, textsOf } from '#conversation/document.ts'
import { roleOf, type Principal } from '#conversation/ids.ts'
import { roomName, type Room } from '#conversation/rooms.ts'
import { CloseCode } from '#conversation/wire.ts'
import { createEnvironment } from '#sync/environment.ts'
import { Connection } from '#sync/socket.ts'
import { comment, message, newId, openedBy, teamOf, thread } from '../../unit/relay/support.ts'
import { ada, bo, stranger, tokenOf, until, useRelay, visitor } from './server.ts'

/** Unmodified `WebsocketProvider`s (y-websocket 3.1) on both paths, with y-indexeddb attached. */

const server = useRelay()
const open: Device[] = []
const ended: (() => void)[] = []
afterEach(async () => {
  for (const device of open.splice(0)) await device.close()
  for (const end of ended.splice(0)) end()
})

type Path = 'plain' | 'multiplexed'

/** How a provider reaches the relay: its address, and on the multiplexed path the class that stands for WebSocket. */
function way(path: Path, principal: Principal): { url: string; options: object } {
  const isVisitor = roleOf(principal) === 'visitor'
  const protocols = isVisitor ? ['parley', `token.${tokenOf(principal)}`] : []
  const as: Record<string, string> = isVisitor ? {} : { as: principal }
  if (path === 'plain') return { url: server.url, options: { protocols, params: as } }
  const url = isVisitor ? server.url : `${server.url}?as=${principal}`
  const connection = new Connection({ url, protocols, environment: createEnvironment() })
  ended.push(() => connection.close())
  // The channel's class knows its room by what follows the connection's address.
  return { url, options: { WebSocketPolyfill: connection.channelSocket() } }
}

class Device {
  readonly doc = new Y.Doc()
  readonly provider: WebsocketProvider
  readonly disk: IndexeddbPersistence
  readonly principal: Principal
  readonly room: Room
  closed: { code: number; reason: string } | null = null

  constructor(path: Path, principal: Principal, room: Room, generation = 0) {
    this.principal = principal
    this.room = room
    const { url, options } = way(path, principal)
    this.disk = new IndexeddbPersistence(`${principal}/${roomName(room)}/${generation}`, this.doc)
    this.provider = new WebsocketProvider(url, roomName(room), this.doc, {
      disableBc: true,
      maxBackoffTime: 200,
      ...options,
    })
    this.provider.on('closed', (how) => void (this.closed = how))
    open.push(this)
  }

  write(text: string, id = newId()): string {
    append(this.doc, id, canonicalText(message(this.principal, text)), 'test')
    return id
  }

  get stamps(): string[] {
    return stampsOf(this.doc).map(([id]) => id)
  }

  get texts(): Record<string, string> {
    return Object.fromEntries(textsOf(this.doc).entries())
  }

  async close(): Promise<void> {
    this.provider.destroy()
    await this.disk.destroy()
    this.doc.destroy()
  }
}

function begin(path: Path): { room: Room; device: Device } {
  const room = thread()
  const device = new Device(path, visitor, room)
  append(device.doc, newId(), canonicalText(openedBy(visitor)), 'test')
  device.write('Hello')
  return { room, device }
}

describe.each<Path>(['plain', 'multiplexed'])('[W1] y-websocket, %s', (path) => {
  test('a visitor and two agents converge, in the order of stamps', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    const agents = [new Device(path, ada, room), new Device(path, bo, room)]
    await until(() => agents.every((each) => each.provider.synced && each.stamps.length === 2))
    agents[0]?.write('How can I help?')
    agents[1]?.write('I am here, too')
    device.write('Thanks')
    const all = [device, ...agents]
    await until(() => all.every((each) => each.stamps.length === 5))
    for (const each of all) {
      expect(each.stamps).toEqual(device.stamps)
      expect(each.texts).toEqual(device.texts)
      expect(each.closed).toBeNull()
    }
    expect((await server.store.entries(room, 0)).map(({ id }) => id)).toEqual(device.stamps)
  })

  test('what was written while the relay was away arrives when it is back, once', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    const agent = new Device(path, ada, room)
    await until(() => agent.stamps.length === 2)
    await server.stop()
    await until(() => !device.provider.wsconnected && !agent.provider.wsconnected)
    const late = [device.write('Are you there?'), agent.write('One moment')]
    await server.start()
    await until(() => device.stamps.length === 4 && agent.stamps.length === 4)
    expect([...device.stamps].slice(2).sort()).toEqual(late.sort())
    expect(agent.stamps).toEqual(device.stamps)
    expect(device.closed).toBeNull()
    expect(agent.closed).toBeNull()
  })

  test('[R4] copies go on over a restart, and are 4409 once a backup was put back, whatever came since', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    await server.backup()
    const [agent, reader] = [new Device(path, ada, room), new Device(path, bo, room)]
    agent.write('Lost')
    await until(() => [device, agent, reader].every((each) => each.stamps.length === 3))
    await reader.close()
    expect([device.closed, agent.closed, reader.closed]).toEqual([null, null, null])
    await agent.close()
    await device.close()
    await server.restore()
    const other = new Device(path, bo, room, 1)
    await until(() => other.stamps.length === 2)
    for (const text of ['Since', 'Further']) other.write(text)
    await until(() => other.stamps.length === 4)
    // Their copies, from y-indexeddb, hold three stamps; the store has four, of which two are theirs.
    const back = [new Device(path, visitor, room), new Device(path, ada, room), new Device(path, bo, room)]
    await until(() => back.every((each) => each.closed !== null))
    expect(back.map((each) => each.closed?.code)).toEqual(Array(3).fill(CloseCode.StaleDocument))
    expect(other.closed).toBeNull()
    expect((await server.store.entries(room, 0)).map(({ id }) => id)).toEqual(other.stamps)
  })

  test('[R13] an erasure closes providers with 4409, and a fresh copy holds no word of it', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    await server.relay.erase(room, device.stamps[1] ?? '')
    await until(() => device.closed !== null)
    expect(device.closed?.code).toBe(CloseCode.StaleDocument)
    const fresh = new Device(path, visitor, room, 1)
    await until(() => fresh.stamps.length === 2)
    expect(fresh.stamps).toEqual(device.stamps)
    expect(JSON.stringify(fresh.texts)).not.toContain('Hello')
    const next = fresh.write('And then')
    await until(() => fresh.stamps.includes(next))
  })

  test('a device that was closed goes on from its disk, with what it wrote offline', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    device.provider.disconnect()
    const offline = device.write('Written offline')
    await device.close()
    const again = new Device(path, visitor, room)
    await until(() => again.stamps.length === 3)
    expect(again.stamps[2]).toBe(offline)
    expect(again.closed).toBeNull()
  })

  test('a disk that loads while the socket is open echoes the whole document, and nothing happens', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    for (let i = 0; i < 30; i++) device.write(`No ${i}`)
    await until(() => device.stamps.length === 32)
    await device.close()
    const { url, options } = way(path, visitor)
    const doc = new Y.Doc()
    const provider = new WebsocketProvider(url, roomName(room), doc, { disableBc: true, ...options })
    let closed: unknown = null
    provider.on('closed', (how) => void (closed = how))
    await until(() => provider.wsconnected)
    const disk = new IndexeddbPersistence(`${visitor}/${roomName(room)}/0`, doc)
    await disk.whenSynced
    append(doc, newId(), canonicalText(message(visitor, 'After the echo')), 'test')
    await until(() => stampsOf(doc).length === 33)
    expect(closed).toBeNull()
    provider.destroy()
    await disk.destroy()
    expect((await server.store.head(room))?.next).toBe(33)
  })

  test('an entry that is refused closes the provider for good, and it does not storm', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    const id = newId()
    append(device.doc, id, canonicalText(message(ada, 'Pretending')), 'test')
    await until(() => device.closed !== null)
    expect(device.closed?.code).toBe(CloseCode.RefusedEntry)
    expect(device.closed?.reason.startsWith(id)).toBe(true)
    expect((await server.store.entries(room, 0)).length).toBe(2)
  })

  test('presence comes and goes', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    const agent = new Device(path, ada, room)
    agent.provider.awareness.setLocalState({ typing: 'reply', user: { name: 'Mallory' } })
    const others = () =>
      [...device.provider.awareness.getStates()].filter(([id]) => id !== device.doc.clientID).map(([, state]) => state)
    await until(() => others().length === 1)
    expect(others()).toEqual([{ typing: 'reply', user: { principal: ada, name: 'Ada', avatar: null } }])
    expect([...device.provider.awareness.getStates().keys()]).not.toContain(agent.doc.clientID)
    await agent.close()
    await until(() => others().length === 0)
  })

  test('a visitor gets neither the team document nor the thread of another', async () => {
    const { room, device } = begin(path)
    await until(() => device.stamps.length === 2)
    const team = new Device(path, ada, teamOf(room))
    append(team.doc, newId(), canonicalText(comment(ada, 'A difficult one')), 'test')
    await until(() => team.stamps.length === 1)
    const curious = new Device(path, visitor, teamOf(room))
    const other = new Device(path, stranger, room)
    await until(() => curious.closed !== null && other.closed !== null)
    expect([curious.closed?.code, other.closed?.code]).toEqual([CloseCode.Forbidden, CloseCode.Forbidden])
    expect(textsOf(curious.doc).size + textsOf(other.doc).size).toBe(0)
  })
})

test('[W2] plain and multiplexed devices are in the same room', async () => {
  const { room, device } = begin('plain')
  await until(() => device.stamps.length === 2)
  const agent = new Device('multiplexed', ada, room)
  const id = agent.write('From the other path')
  await until(() => device.stamps.includes(id) && agent.stamps.includes(id))
})
