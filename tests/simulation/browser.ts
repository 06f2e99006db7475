import type { Principal } from '#conversation/ids.ts'
import { createDevice } from '#sync/device.ts'
import type { Environment } from '#sync/environment.ts'
import type { Device, OpenConversation } from '#sync/port.ts'
import { Link, webSocketOver, type ServerEnd } from './network.ts'
import type { Random } from './random.ts'

/** One person's browser: a disk of its own, a network of its own, and some tabs. */
export class Browser {
  readonly principal: Principal
  readonly link = new Link()
  readonly tabs: Tab[] = []
  readonly #name: string
  readonly #random: Random
  readonly #kept: boolean
  readonly #skew: number
  readonly #accept: (browser: Browser, server: ServerEnd) => boolean
  readonly #locks = new Map<string, Promise<unknown>>()
  readonly #channels = new Set<TabChannel>()

  constructor(options: {
    name: string
    principal: Principal
    random: Random
    /** Whether the browser keeps anything over a restart. */
    kept: boolean
    /** How wrong its clock is, in ms. */
    skew: number
    accept(browser: Browser, server: ServerEnd): boolean
  }) {
    this.#name = options.name
    this.principal = options.principal
    this.#random = options.random
    this.#kept = options.kept
    this.#skew = options.skew
    this.#accept = options.accept
  }

  get keeps(): boolean {
    return this.#kept
  }

  async openTab(): Promise<Tab> {
    const device = await createDevice({
      principal: this.principal,
      url: 'ws://simulated',
      inbox: 'demo',
      environment: this.#environment(),
    })
    const tab = new Tab(device)
    this.tabs.push(tab)
    return tab
  }

  /** Closes a tab at whatever it is doing. */
  async closeTab(tab: Tab): Promise<void> {
    this.tabs.splice(this.tabs.indexOf(tab), 1)
    await tab.device.close()
  }

  #environment(): Partial<Environment> {
    const channels = this.#channels
    return {
      now: () => Date.now() + this.#skew,
      random: this.#random.bytes,
      WebSocket: webSocketOver(this.link, this.#random, (server) => this.#accept(this, server)),
      indexedDB: this.#kept ? indexedDB : null,
      locks: { request: this.#request },
      BroadcastChannel: class extends TabChannel {
        constructor() {
          super(channels)
        }
      } as unknown as typeof BroadcastChannel,
      persist: null,
      onWake: () => () => {},
      profile: `${this.#name}:`,
    }
  }

  /** Web Locks, exclusive ones: the next holder comes when the promise of the one before is settled. */
  readonly #request = (async (
    name: string,
    { signal }: { signal: AbortSignal },
    run: (lock: null) => Promise<unknown>,
  ): Promise<unknown> => {
    const before = this.#locks.get(name) ?? Promise.resolve()
    const turn = before.then(() => (signal.aborted ? undefined : run(null)))
    this.#locks.set(
      name,
      turn.catch(() => {}),
    )
    return await turn
  }) as unknown as LockManager['request']
}

/** One tab: a device, and the conversations on its screen. */
export class Tab {
  readonly device: Device
  readonly open = new Map<string, OpenConversation>()

  constructor(device: Device) {
    this.device = device
  }

  look(conversation: string): OpenConversation {
    const known = this.open.get(conversation)
    if (known !== undefined) return known
    const opened = this.device.open(conversation)
    this.open.set(conversation, opened)
    return opened
  }
}

class TabChannel extends EventTarget {
  readonly #all: Set<TabChannel>

  constructor(all: Set<TabChannel>) {
    super()
    this.#all = all
    all.add(this)
  }

  postMessage(data: unknown): void {
    const copy: unknown = structuredClone(data)
    setTimeout(() => {
      for (const other of this.#all) {
        if (other !== this) other.dispatchEvent(new MessageEvent('message', { data: copy }))
      }
    }, 1)
  }

  close(): void {
    this.#all.delete(this)
  }
}
