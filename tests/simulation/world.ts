import { isPrincipal, idOf, roleOf, createUlid, type Principal } from '#conversation/ids.ts'
import { createLocalBus } from '#server/bus/local.ts'
import type { Caller, Relay } from '#server/relay/port.ts'
import { createRelay } from '#server/relay/relay.ts'
import type { Store } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import { Browser } from './browser.ts'
import { Link, type ServerEnd } from './network.ts'
import { Random } from './random.ts'

/** A whole Parley in one process: the real store, relay and devices, over sockets in memory. */
export class World {
  readonly random: Random
  readonly store: Store
  readonly agents: Browser[] = []
  readonly visitors: Browser[] = []
  /** Conversations that visitors have started. */
  readonly conversations: string[] = []
  /** Everything that people at honest devices wrote: the entry's id, and who wrote it. */
  readonly written = new Map<string, Principal>()
  /** An agent and a visitor of no good intentions. */
  readonly eve: Principal
  readonly mallory: Principal
  /** Their network. */
  readonly intruders = new Link()
  readonly #bus = createLocalBus()
  #relay: Relay
  #up = true
  /** Counts relays: one that was killed stores nothing any more. */
  #generation = 0

  private constructor(seed: number) {
    this.random = new Random(seed)
    this.store = openSqliteStore({ path: ':memory:' })
    this.#relay = this.#createRelay()
    this.eve = `agent:${this.newId()}`
    this.mallory = `visitor:${this.newId()}`
  }

  /** Two agents with the demo inbox, two visitors; clocks up to a minute wrong. */
  static async create(seed: number): Promise<World> {
    const world = new World(seed)
    const { random, store } = world
    await store.putInbox({
      id: 'demo',
      name: 'Demo',
      origins: [],
      fromAddress: null,
      greeting: 'Hello',
      color: '#000000',
      side: 'right',
    })
    for (const name of ['ada', 'bo']) {
      const id = world.newId()
      const email = `${name}@example.com`
      await store.putAgent({ id, email, name, role: 'agent', passwordHash: null, avatar: null, active: true })
      await store.setMemberships(id, ['demo'])
      world.agents.push(world.#browser(name, `agent:${id}`, random.chance(0.8)))
    }
    for (const name of ['vera', 'vic']) {
      const id = world.newId()
      await store.createVisitor({ id, inbox: 'demo', tokenHash: name, createdAt: Date.now() })
      world.visitors.push(world.#browser(name, `visitor:${id}`, random.chance(0.8)))
    }
    await store.createVisitor({ id: idOf(world.mallory), inbox: 'demo', tokenHash: 'mallory', createdAt: Date.now() })
    return world
  }

  get browsers(): Browser[] {
    return [...this.agents, ...this.visitors]
  }

  newId(): string {
    return createUlid({ now: () => Date.now(), random: this.random.bytes })
  }

  /** Kills the relay: what waits for a flush is lost, every socket breaks. A new one comes after `downFor` ms. */
  async restartRelay(downFor: number): Promise<void> {
    if (!this.#up) return
    this.#up = false
    this.#generation++
    this.#breakAll()
    await this.#relay.close()
    setTimeout(() => {
      this.#relay = this.#createRelay()
      this.#up = true
    }, downFor)
  }

  /** Hands a socket's server end to the relay; false: nobody listens. */
  accept(principal: Principal, name: string, server: ServerEnd): boolean {
    if (!this.#up) return false
    const asker: Caller['asker'] =
      roleOf(principal) === 'agent'
        ? { role: 'agent', admin: false, inboxes: new Set(['demo']) }
        : { role: 'visitor', inbox: 'demo' }
    this.#relay.accept({
      socket: server,
      caller: { principal, asker, session: idOf(principal), name, avatar: null },
      room: null,
    })
    return true
  }

  async close(): Promise<void> {
    for (const browser of this.browsers) for (const tab of [...browser.tabs]) await browser.closeTab(tab)
    // Time stands still: nobody would answer the relay's goodbye.
    this.#breakAll()
    await this.#relay.close()
    await this.store.close()
  }

  #breakAll(): void {
    for (const link of [...this.browsers.map((browser) => browser.link), this.intruders]) link.break()
  }

  #browser(name: string, principal: string, kept: boolean): Browser {
    if (!isPrincipal(principal)) throw new Error(principal)
    const skew = this.random.below(120_000) - 60_000
    const accept = (_browser: Browser, server: ServerEnd) => this.accept(principal, name, server)
    return new Browser({ name, principal, random: this.random, kept, skew, accept })
  }

  #createRelay(): Relay {
    const generation = this.#generation
    const append: Store['append'] = async (updates, now) => {
      if (generation !== this.#generation) throw new Error('this relay was killed')
      return await this.store.append(updates, now)
    }
    return createRelay({
      store: { ...this.store, append },
      bus: this.#bus,
      authenticate: () => Promise.reject(new Error('sockets are handed in')),
      now: () => Date.now(),
      random: () => this.random.next(),
      log: { warn() {}, error() {} },
    })
  }
}
