import 'fake-indexeddb/auto'
import { afterEach, vi } from 'vitest'
import { createUlid, type Principal } from '#conversation/ids.ts'
import { createDevice } from '#sync/device.ts'
import { createEnvironment, type Environment } from '#sync/environment.ts'
import type { Device } from '#sync/port.ts'
import type { RelayDouble } from './relay-double.ts'

/** Browsers for tests: profiles with their own storage and locks, tabs in them, and a clock that runs faster. */

/** How much faster the device's own timers run. */
const FASTER = 10

const platform = createEnvironment()
let profiles = 0
const open = new Set<Device>()

export const newId = () => createUlid(platform)
export const newPrincipal = (role: 'agent' | 'visitor'): Principal => `${role}:${newId()}`

/** A browser: several tabs may be opened in it, and again after they were closed. */
export class Browser {
  readonly relay: RelayDouble
  readonly principal: Principal
  readonly environment: Environment
  /** Timers of the device that have neither run nor been cancelled. */
  timers = 0
  readonly #wakers = new Set<() => void>()

  constructor(relay: RelayDouble, principal: Principal, changes: Partial<Environment> = {}) {
    this.relay = relay
    this.principal = principal
    this.environment = {
      ...platform,
      profile: `test-${++profiles}/`,
      WebSocket: relay.socketClass(),
      locks: createLocks(),
      persist: null,
      after: (ms, run) => this.#after(ms, run),
      onWake: (listener) => {
        this.#wakers.add(listener)
        return () => void this.#wakers.delete(listener)
      },
      ...changes,
    }
  }

  async tab(): Promise<Device> {
    const { principal, environment } = this
    const visitor = principal.startsWith('visitor:')
    const device = await createDevice({
      principal,
      url: 'wss://parley.test',
      environment,
      ...(visitor ? { inbox: 'demo', token: 'secret' } : {}),
    })
    open.add(device)
    return device
  }

  /** The network or the person comes back. */
  wake(): void {
    for (const waker of this.#wakers) waker()
  }

  #after(ms: number, run: () => void): () => void {
    this.timers++
    let over = false
    const end = () => {
      if (over) return false
      over = true
      this.timers--
      return true
    }
    const timer = setTimeout(() => end() && run(), ms / FASTER)
    return () => {
      clearTimeout(timer)
      end()
    }
  }
}

/** The locks of one browser: first come, first served. */
export function createLocks(): NonNullable<Environment['locks']> {
  const queues = new Map<string, Promise<unknown>>()
  const request = (name: string, options: LockOptions, hold: LockGrantedCallback<unknown>) => {
    const lock = { name, mode: 'exclusive' as const }
    const turn = (queues.get(name) ?? Promise.resolve()).then(() => (options.signal?.aborted ? null : hold(lock)))
    queues.set(
      name,
      turn.catch(() => {}),
    )
    return turn
  }
  return { request: request as LockManager['request'] }
}

/** Waits for a condition. */
export const until = (condition: () => void) => vi.waitFor(condition, { timeout: 8_000, interval: 5 })

afterEach(async () => {
  await Promise.all([...open].map((device) => device.close()))
  open.clear()
})
