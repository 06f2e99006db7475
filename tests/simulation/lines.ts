import type { Life } from './life.ts'

/** What the tabs of one browser share besides the disk: Web Locks, and a BroadcastChannel. */
export class Lines {
  readonly #locks = new Map<string, Promise<unknown>>()
  readonly #channels = new Set<TabChannel>()

  /** Web Locks, exclusive ones: the next holder comes when the one before has let go, or is dead. */
  locksFor(life: Life): { request: LockManager['request'] } {
    const request = async (
      name: string,
      { signal }: { signal: AbortSignal },
      run: (lock: null) => Promise<unknown>,
    ): Promise<unknown> => {
      const before = this.#locks.get(name) ?? Promise.resolve()
      const turn = before.then(() => {
        if (signal.aborted || life.dead) return undefined
        return Promise.race([life.run(() => run(null)), life.killed])
      })
      this.#locks.set(
        name,
        turn.catch(() => {}),
      )
      return await turn
    }
    return { request: request as unknown as LockManager['request'] }
  }

  channelFor(life: Life): typeof BroadcastChannel {
    const channels = this.#channels
    return class extends TabChannel {
      constructor() {
        super(channels, life)
      }
    } as unknown as typeof BroadcastChannel
  }
}

class TabChannel extends EventTarget {
  readonly #all: Set<TabChannel>
  readonly #life: Life

  constructor(all: Set<TabChannel>, life: Life) {
    super()
    this.#all = all
    this.#life = life
    all.add(this)
    life.onKill(() => this.close())
  }

  postMessage(data: unknown): void {
    if (this.#life.dead) return
    const copy: unknown = structuredClone(data)
    setTimeout(() => {
      for (const other of this.#all) if (other !== this) other.#receive(copy)
    }, 1)
  }

  close(): void {
    this.#all.delete(this)
  }

  #receive(data: unknown): void {
    this.#life.run(() => this.dispatchEvent(new MessageEvent('message', { data })))
  }
}
