import { webcrypto } from 'node:crypto'
import { pino } from 'pino'
import { createAccounts } from '#server/accounts/accounts.ts'
import { hashPassword } from '#server/accounts/passwords.ts'
import { createSetup } from '#server/accounts/setup.ts'
import { createVisitors } from '#server/accounts/visitors.ts'
import { createLocalBus } from '#server/bus/local.ts'
import type { BusMessage } from '#server/bus/port.ts'
import { readConfig, type Config } from '#server/config.ts'
import { createSeats } from '#server/demo/seats.ts'
import { seedDemo } from '#server/demo/seed.ts'
import { createFiles } from '#server/http/files.ts'
import { createLimits } from '#server/http/limits.ts'
import { listen } from '#server/http/listen.ts'
import { createMetrics } from '#server/http/metrics.ts'
import { createOwnOrigins } from '#server/http/origins.ts'
import type { HttpParts } from '#server/http/parts.ts'
import { createRequestListener } from '#server/http/request-listener.ts'
import type { Agent } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'

/** The real HTTP side over a real store in memory, on a free port; relay and jobs are not part of it. */
export interface HttpWorld {
  url: string
  port: number
  parts: HttpParts
  /** What was told on the bus. */
  told: BusMessage[]
  /** Moves the server's clock. */
  tick(ms: number): void
  /** Asks the server. `body` is sent as JSON; `origin` and `cookie` are headers. */
  ask(path: string, how?: Ask): Promise<Response>
  close(): Promise<void>
}

export interface Ask {
  method?: string
  body?: unknown
  origin?: string
  cookie?: string
  headers?: Record<string, string>
}

export const PASSWORD = 'correct horse battery'
export const ORIGIN = 'https://chat.example.com'

export function testConfig(env: Record<string, string>): Config {
  const result = readConfig(env)
  if (!result.ok) throw new Error(result.problems.join('\n'))
  return result.config
}

/** @param env the demo without it; `{ ORIGIN }` for a real workspace */
export async function startHttp(
  env: Record<string, string> = {},
  overrides: Partial<Pick<HttpParts, 'mailFolder' | 'files' | 'draining'>> = {},
): Promise<HttpWorld> {
  const config = testConfig(env)
  let ahead = 0
  const now = () => Date.now() + ahead
  const random = (bytes: Uint8Array) => webcrypto.getRandomValues(bytes)
  const store = openSqliteStore({ path: ':memory:' })
  const bus = createLocalBus()
  const told: BusMessage[] = []
  bus.subscribe((message) => told.push(message))
  if (config.demo) await seedDemo(store, { now, random }, 'http://127.0.0.1:3000')
  const none = createFiles('/nowhere')
  const seats = config.demo ? createSeats('parley') : null
  const parts: HttpParts = {
    config,
    store,
    bus,
    accounts: createAccounts({ store, bus, secure: config.origin?.startsWith('https:') === true, now }),
    visitors: createVisitors({ store, now, random }),
    // Without a relay nobody is in a room.
    erase: (room, entry) => store.erase(room, entry),
    setup: await createSetup({ store, demo: config.demo, now, random }),
    origins: createOwnOrigins(config.origin),
    limits: createLimits(now),
    metrics: createMetrics(),
    files: { app: none, widget: none, site: config.demo ? none : null },
    seats,
    mailFolder: null,
    now,
    log: pino({ level: 'silent' }),
    draining: () => false,
    ...overrides,
  }
  const listener = createRequestListener(parts)
  const listening = await listen(seats?.answering(listener) ?? listener, '127.0.0.1', 0)
  const url = `http://127.0.0.1:${listening.port}`
  return {
    url,
    port: listening.port,
    parts,
    told,
    tick: (ms) => void (ahead += ms),
    ask: (path, how = {}) => fetch(`${url}${path}`, requestOf(how)),
    async close() {
      await listening.close(0)
      await store.close()
    },
  }
}

function requestOf({ method, body, origin, cookie, headers }: Ask): RequestInit {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: { ...json, ...(origin && { origin }), ...(cookie && { cookie }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
}

/** Adds an agent with PASSWORD. */
export async function addAgent(world: HttpWorld, given: Partial<Agent> = {}): Promise<Agent> {
  const agent: Agent = {
    id: '01HV0TEST00000000000000001',
    email: 'dee@example.com',
    name: 'Dee Okafor',
    role: 'agent',
    passwordHash: await hashPassword(PASSWORD),
    avatar: 'rose',
    active: true,
    ...given,
  }
  await world.parts.store.putAgent(agent)
  return agent
}

/** The `name=value` of the cookie that an answer sets. */
export function cookieOf(response: Response): string {
  return response.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
}

/** The code of a refused call. */
export async function codeOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return error.code
}
