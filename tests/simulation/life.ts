import { AsyncLocalStorage } from 'node:async_hooks'

const running = new AsyncLocalStorage<Life>()

/**
 * The process behind one tab. All tabs of a run share this one process, so what each of them does is told apart by the
 * life that it runs in; and a life can end at any moment, without a goodbye: nothing of it has an effect after that.
 */
export class Life {
  readonly #ends: (() => void)[] = []
  readonly #killed = Promise.withResolvers<void>()
  #dead = false

  /** The life that the caller runs in. */
  static get current(): Life | undefined {
    return running.getStore()
  }

  get dead(): boolean {
    return this.#dead
  }

  /** Resolves when it is killed. */
  get killed(): Promise<void> {
    return this.#killed.promise
  }

  run<T>(work: () => T): T {
    return running.run(this, work)
  }

  /** Called when it is killed, after it is dead. */
  onKill(end: () => void): void {
    this.#ends.push(end)
  }

  kill(): void {
    if (this.#dead) return
    this.#dead = true
    this.#killed.resolve()
    for (const end of this.#ends) end()
  }

  /** A timer of this life. */
  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = setTimeout(() => this.#dead || this.run(run), ms)
    return () => clearTimeout(timer)
  }
}
