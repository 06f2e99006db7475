import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Ask, Guests, Ready, Usage } from './servers/serve.ts'

/** A server of servers/ in a process of its own, with a folder of its own. */
export class ServerProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
  readonly #child: ChildProcess
  readonly #exited: Promise<void>

  /** @param name of the file in servers/ */
  constructor(name: string, profile: string | null = null) {
    const script = fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url))
    const profiling = profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, '--cpu-prof-interval=200']
    this.#child = fork(script, {
      // As scripts/start.mjs starts the server.
      execArgv: ['--expose-gc', '--max-semi-space-size=32', ...profiling],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    this.#exited = new Promise((resolve) => this.#child.once('exit', () => resolve()))
  }

  async start({ visitors, agents }: Omit<Guests, 'folder'>): Promise<Ready> {
    return (await this.#ask({ ask: 'start', guests: { visitors, agents, folder: this.folder } })) as Ready
  }

  async usage(collect = false): Promise<Usage> {
    return (await this.#ask({ ask: 'usage', collect })) as Usage
  }

  /** Lets it close in its own time; its folder stays until `remove`. */
  async stop(): Promise<void> {
    await this.#ask({ ask: 'stop' })
    this.#child.disconnect()
    await this.#exited
  }

  /** Ends it, whatever it does, and removes its folder. */
  async remove(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL')
    await this.#exited
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** One question at a time; each is answered by one message. */
  async #ask(ask: Ask): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const ended = (): void => reject(new Error(`the server ended when asked to ${ask.ask}`))
    this.#child.once('exit', ended)
    this.#child.once('message', (answer: { ok: boolean; result: unknown; error: string }) => {
      if (answer.ok) resolve(answer.result)
      else reject(new Error(answer.error))
    })
    this.#child.send(ask)
    try {
      return await promise
    } finally {
      this.#child.off('exit', ended)
    }
  }
}
