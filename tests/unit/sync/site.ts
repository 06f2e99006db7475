import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { plainText } from '#conversation/body.ts'
import type { Principal } from '#conversation/ids.ts'
import { createDevice } from '#sync/device.ts'
import { createEnvironment } from '#sync/environment.ts'
import type { Device, OpenConversation } from '#sync/port.ts'
import { createLocalBus } from '#server/bus/local.ts'
import type { Authenticate, Relay } from '#server/relay/port.ts'
import { createRelay } from '#server/relay/relay.ts'
import { openSqliteStore, type SqliteStore } from '#server/store/sqlite/store.ts'
import { createLocks } from './browser.ts'

/** The real relay on a real port, and devices that reach it over real sockets. */

export const FROM = { inbox: 'demo', page: { url: 'https://example.com/', title: 'Home', referrer: '' }, locale: 'en' }
/** What is ended after each test, the last first. */
export const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

export interface Site {
  url: string
  store: SqliteStore
  /** Stops the relay and starts another one; with a store, on that one. */
  restart(store?: SqliteStore): Promise<void>
  /** Stops the relay, and starts another one on this copy of a database, as an operator puts a backup back. */
  restore(copy: Buffer): Promise<void>
  relay: Relay
}

/** The token says who it is, as nothing here is about accounts. */
const authenticate: Authenticate = async (request) => {
  const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/)
  const token = offered.find((each) => each.startsWith('token.'))?.slice('token.'.length)
  if (token === undefined) return { ok: false, code: 4401, reason: 'not signed in' }
  const principal = token.replace('.', ':') as Principal
  const isVisitor = principal.startsWith('visitor:')
  const asker = isVisitor
    ? { role: 'visitor' as const, inbox: 'demo' }
    : { role: 'agent' as const, admin: true, inboxes: new Set<string>() }
  const name = isVisitor ? 'Visitor' : `Agent ${principal.slice(-4)}`
  return { ok: true, caller: { principal, asker, session: null, name, avatar: null } }
}

export async function storeOfDemo(): Promise<SqliteStore> {
  const store = openSqliteStore({ path: ':memory:' })
  ends.push(() => store.close())
  const look = { fromAddress: null, greeting: 'Hi', color: '#000000', side: 'right' as const, hours: null }
  await store.putInbox({ id: 'demo', name: 'Demo', origins: [], ...look })
  return store
}

export async function site(): Promise<Site> {
  const log = { warn() {}, error: (what: object, message: string) => console.error(message, what) }
  const start = (store: SqliteStore) =>
    createRelay({ store, bus: createLocalBus(), authenticate, now: () => Date.now(), log })
  let store = await storeOfDemo()
  let relay = start(store)
  const http = createServer()
  http.on('upgrade', (request, socket, head) => relay.upgrade(request, socket, head))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  ends.push(async () => {
    await relay.close()
    await closed(http)
  })
  const here: Site = {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    get store() {
      return store
    },
    async restart(next = store) {
      await relay.close()
      store = next
      relay = start(store)
    },
    async restore(copy) {
      const restored = openSqliteStore({ path: ':memory:', copy })
      ends.unshift(() => restored.close())
      await here.restart(restored)
    },
    get relay() {
      return relay
    },
  }
  return here
}

const closed = (http: Server) => new Promise((resolve) => http.close(resolve))

let profiles = 0
export const nextProfile = (): string => `relay-${++profiles}/`

/** @param profile of a browser that was closed, to open it again */
export async function deviceOf(
  { url, store }: Site,
  principal: Principal,
  inbox = 'demo',
  profile = nextProfile(),
): Promise<Device> {
  if (principal.startsWith('agent:') && (await store.agent(principal.slice('agent:'.length))) === null) {
    const id = principal.slice('agent:'.length)
    const email = `${id}@example.com`
    await store.putAgent({ id, email, name: id, role: 'admin', passwordHash: null, avatar: null, active: true })
  }
  const platform = createEnvironment()
  const environment = {
    profile,
    locks: createLocks(),
    persist: null,
    after: (ms: number, run: () => void) => platform.after(ms / 10, run),
  }
  const device = await createDevice({ principal, url, inbox, token: principal.replace(':', '.'), environment })
  ends.push(() => device.close())
  return device
}

export const words = (talk: OpenConversation) =>
  talk.view.timeline.flatMap((item) =>
    item.type === 'event' ? [] : [`${plainText(item.body)}${item.stamp === null ? ' …' : ''}`],
  )
