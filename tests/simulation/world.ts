import { isPrincipal, idOf, roleOf, createUlid, type Principal } from '#conversation/ids.ts'
import { createLocalBus } from '#server/bus/local.ts'
import type { Caller, Relay } from '#server/relay/port.ts'
import { createRelay } from '#server/relay/relay.ts'
import type { Store } from '#server/store/port.ts'
import { openSqliteStore, type SqliteStore } from '#server/store/sqlite/store.ts'
import type { Backup } from './backups.ts'
import { Book } from './book.ts'
import { Browser } from './browser.ts'
import { Link } from './network.ts'
import { Random } from './random.ts'
import type { ServerEnd } from './sockets.ts'
import { newDisks } from './tab-disk.ts'

/** A whole Parley in one process: the real store, relay and devices, over sockets in memory. */
export class World {
  readonly random: Random
  readonly agents: Browser[] = []
  readonly visitors: Browser[] = []
  readonly book = new Book()
  readonly backups: Backup[] = []
  /** An agent and a visitor of no good intentions. */
  readonly eve: Principal
  readonly mallory: Principal
  /** Their network. */
  readonly intruders = new Link()
  readonly #bus = createLocalBus()
  #store: SqliteStore
  #relay: Relay
  /** How wrong the server's clock is, in ms. */
  #skew = 0
  #up = true
  /** Counts relays: one that was killed stores nothing any more. */
  #generation = 0

  private constructor(seed: number) {
    this.random = new Random(seed)
    this.#store = this.#open()
    this.#relay = this.#createRelay()
    this.eve = `agent:${this.newId()}`
    this.mallory = `visitor:${this.newId()}`
  }

  /** Two agents with the demo inbox, two visitors; clocks up to a minute wrong. */
  static async create(seed: number): Promise<World> {
    newDisks()
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
      hours: null,
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

  get store(): SqliteStore {
    return this.#store
  }

  /** The relay, while it is up. */
  get relay(): Relay | null {
    return this.#up ? this.#relay : null
  }

  newId(): string {
    return createUlid({ now: () => Date.now(), random: this.random.bytes })
  }

  /**
   * Kills the relay: what waits for a flush is lost, every socket breaks. A new one comes after `downFor` ms, with
   * another clock, on the same database or on a copy that is put in its place. False: it is down already.
   */
  async restartRelay(downFor: number, copy?: Buffer): Promise<boolean> {
    if (!this.#up) return false
    this.#up = false
    this.#generation++
    this.#breakAll()
    await this.#relay.close()
    this.#skew = this.random.below(120_000) - 60_000
    const before = this.#store
    this.#store = this.#open(copy ?? (await before.copy()))
    await before.close()
    setTimeout(() => {
      this.#relay = this.#createRelay()
      this.#up = true
    }, downFor)
    return true
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
    for (const browser of this.browsers) browser.kill()
    // Time stands still: nobody would answer the relay's goodbye.
    this.#breakAll()
    await this.#relay.close()
    await this.#store.close()
  }

  #breakAll(): void {
    for (const link of [...this.browsers.map((browser) => browser.link), this.intruders]) link.break()
  }

  #browser(name: string, principal: string, kept: boolean): Browser {
    if (!isPrincipal(principal)) throw new Error(principal)
    const accept = (server: ServerEnd) => this.accept(principal, name, server)
    const browser = new Browser({ name, principal, random: this.random, kept, accept })
    browser.skew = this.random.below(120_000) - 60_000
    return browser
  }

  #open(copy?: Buffer): SqliteStore {
    const { bytes: random } = this.random
    return openSqliteStore({ path: ':memory:', random, now: () => this.#now(), ...(copy !== undefined && { copy }) })
  }

  #now(): number {
    return Date.now() + this.#skew
  }

  #createRelay(): Relay {
    const generation = this.#generation
    const store = this.#store
    const append: Store['append'] = async (updates, now) => {
      if (generation !== this.#generation) throw new Error('this relay was killed')
      return await store.append(updates, now)
    }
    return createRelay({
      store: { ...store, append },
      bus: this.#bus,
      authenticate: () => Promise.reject(new Error('sockets are handed in')),
      now: () => this.#now(),
      random: () => this.random.next(),
      log: { warn() {}, error() {} },
    })
  }
}
