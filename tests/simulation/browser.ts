import type { Principal } from '#conversation/ids.ts'
import { createDevice } from '#sync/device.ts'
import type { Environment } from '#sync/environment.ts'
import type { Device, OpenConversation } from '#sync/port.ts'
import { Life } from './life.ts'
import { Lines } from './lines.ts'
import { Link, webSocketOver } from './network.ts'
import type { Random } from './random.ts'
import type { ServerEnd } from './sockets.ts'
import { TabDisk } from './tab-disk.ts'

export interface BrowserOptions {
  name: string
  principal: Principal
  random: Random
  /** Whether the browser keeps anything over a restart. */
  kept: boolean
  accept(server: ServerEnd): boolean
}

/** One person's browser: a disk of its own, a network of its own, a clock of its own, and some tabs. */
export class Browser {
  readonly principal: Principal
  readonly link = new Link()
  readonly tabs: Tab[] = []
  /** How wrong its clock is, in ms. */
  skew = 0
  readonly #options: BrowserOptions
  readonly #lines = new Lines()
  /** Tabs that have not read the disk yet. */
  readonly #opening = new Set<Life>()

  constructor(options: BrowserOptions) {
    this.#options = options
    this.principal = options.principal
  }

  get keeps(): boolean {
    return this.#options.kept
  }

  /** What the names of its databases hold. */
  get profile(): string {
    return `${this.#options.name}:`
  }

  /** Never resolves if the tab is killed before it is open. */
  async openTab(): Promise<Tab> {
    const life = new Life()
    this.#opening.add(life)
    const environment = this.#environment(life)
    const { principal } = this
    const device = await life.run(() => createDevice({ principal, url: 'ws://simulated', inbox: 'demo', environment }))
    this.#opening.delete(life)
    const tab = new Tab(device, life)
    if (life.dead) {
      tab.kill()
      return await new Promise<never>(() => {})
    }
    this.tabs.push(tab)
    return tab
  }

  /** Closes a tab at whatever it is doing; it may finish that. */
  async closeTab(tab: Tab): Promise<void> {
    this.tabs.splice(this.tabs.indexOf(tab), 1)
    await tab.life.run(() => tab.device.close())
  }

  /** Ends a tab as a crash does. */
  killTab(tab: Tab): void {
    this.tabs.splice(this.tabs.indexOf(tab), 1)
    tab.kill()
  }

  /** Ends the whole browser as a crash does. */
  kill(): void {
    for (const tab of [...this.tabs]) this.killTab(tab)
    for (const life of this.#opening) life.kill()
    this.#opening.clear()
  }

  #environment(life: Life): Partial<Environment> {
    const { accept, kept, random } = this.#options
    // For its effect: from here on the databases that this life opens are known to be its own.
    new TabDisk(life, random)
    return {
      now: () => Date.now() + this.skew,
      random: random.bytes,
      after: life.after,
      WebSocket: webSocketOver({ link: this.link, random, life, accept }),
      indexedDB: kept ? indexedDB : null,
      locks: this.#lines.locksFor(life),
      BroadcastChannel: this.#lines.channelFor(life),
      persist: null,
      onWake: () => () => {},
      profile: this.profile,
    }
  }
}

/** One tab: a device, and the conversations on its screen. */
export class Tab {
  readonly device: Device
  readonly life: Life
  readonly open = new Map<string, OpenConversation>()
  /** The entries that were written here. */
  readonly wrote = new Set<string>()

  constructor(device: Device, life: Life) {
    this.device = device
    this.life = life
  }

  look(conversation: string): OpenConversation {
    const known = this.open.get(conversation)
    if (known !== undefined) return known
    const opened = this.life.run(() => this.device.open(conversation))
    this.open.set(conversation, opened)
    return opened
  }

  kill(): void {
    this.life.kill()
    // Nothing of it gets through any more. Only its timers have to be stopped, which live in this process.
    this.life.run(() => this.device.close()).catch(() => {})
  }
}
