import { createServer, type Server } from 'node:http'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'
import { isPrincipal, type Principal } from '#conversation/ids.ts'
import { CloseCode } from '#conversation/wire.ts'
import { createLocalBus } from '#server/bus/local.ts'
import type { Bus } from '#server/bus/port.ts'
import type { Authenticate, Relay } from '#server/relay/port.ts'
import { createRelay } from '#server/relay/relay.ts'
import type { Store } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import { ada, bo, callerOf, stranger, visitor } from '../../unit/relay/support.ts'

/** The relay on a real port over a real database file, which can be stopped and started again where it was. */
export interface RelayServer {
  url: string
  store: Store
  bus: Bus
  relay: Relay
  logged: string[]
  jobs: number
  stop(): Promise<void>
  start(): Promise<void>
  /** Copies the database file, with the relay stopped for it; `restore` puts the copy back in the same way. */
  backup(): Promise<void>
  restore(): Promise<void>
}

/** Visitors offer `token.<principal>`; agents say `?as=<principal>` where a browser would send its cookie. */
const authenticate: Authenticate = (request) => {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? []
  const token = offered.find((each) => each.startsWith('token.'))?.slice(6)
  const who = token === undefined ? new URL(request.url ?? '', 'http://relay').searchParams.get('as') : tokens[token]
  if (who == null || !isPrincipal(who)) {
    return Promise.resolve({ ok: false, code: CloseCode.NotSignedIn, reason: 'not signed in' })
  }
  return Promise.resolve({ ok: true, caller: { ...callerOf(who), session: `session of ${who}` } })
}

const tokens: Record<string, Principal> = { visitor, stranger }
export const tokenOf = (principal: Principal): string => (principal === stranger ? 'stranger' : 'visitor')

export function useRelay(): RelayServer {
  const world = {} as RelayServer
  let folder = ''
  let server: Server
  let port = 0
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-relay-'))
    port = 0
    world.logged = []
    world.jobs = 0
    world.start = async () => {
      world.store = openSqliteStore({ path: join(folder, 'parley.db') })
      world.bus = createLocalBus()
      const log = (_what: object, text: string) => void world.logged.push(text)
      world.relay = createRelay({
        store: world.store,
        bus: world.bus,
        authenticate,
        now: () => Date.now(),
        log: { warn: log, error: log },
        onJobs: () => void world.jobs++,
      })
      server = createServer()
      server.on('upgrade', (request, socket, head) => {
        if (!world.relay.upgrade(request, socket, head)) socket.destroy()
      })
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
      port = (server.address() as AddressInfo).port
      world.url = `ws://127.0.0.1:${port}/sync`
    }
    world.stop = async () => {
      await world.relay.close()
      await new Promise((resolve) => server.close(resolve))
      await world.store.close()
    }
    const file = (name: string) => join(folder, name)
    const replace = async (from: string, to: string) => {
      await world.stop()
      copyFileSync(file(from), file(to))
      await world.start()
    }
    world.backup = () => replace('parley.db', 'backup.db')
    world.restore = () => replace('backup.db', 'parley.db')
    await world.start()
  })
  afterEach(async () => {
    if (server.listening) await world.stop()
    rmSync(folder, { recursive: true })
  })
  return world
}

export async function until(so: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(so, { timeout: 20_000, interval: 5 })
}

/** A bare WebSocket, for what a provider would not do. */
export class RawSocket {
  readonly socket: WebSocket
  readonly received: Uint8Array[] = []
  closed: { code: number; reason: string } | null = null

  constructor(url: string, protocols: string[] = []) {
    this.socket = new WebSocket(url, protocols)
    this.socket.binaryType = 'arraybuffer'
    this.socket.onmessage = (event) => void this.received.push(new Uint8Array(event.data as ArrayBuffer))
    this.socket.onclose = ({ code, reason }) => void (this.closed = { code, reason })
  }

  async opened(): Promise<this> {
    await until(() => this.socket.readyState !== WebSocket.CONNECTING)
    return this
  }

  async end(): Promise<{ code: number; reason: string }> {
    await until(() => this.closed !== null)
    return this.closed ?? { code: 0, reason: '' }
  }
}

export { ada, bo, stranger, visitor }
