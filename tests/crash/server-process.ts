import { spawn, type ChildProcess } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { CRASH_POINTS, type CrashPoint } from '#server/crash-points.ts'
import type { Crash, Order } from './server-entry.ts'

const ENTRY = fileURLToPath(new URL('./server-entry.ts', import.meta.url))

/** One life of the server: a process that stands by, is started, and is killed. */
export class ServerProcess {
  readonly #child: ChildProcess
  /** Resolves when the process is gone, with the crash point that it was at, or null. */
  readonly gone: Promise<CrashPoint | null>
  #output = ''
  #changed = Promise.withResolvers<void>()
  #killed = false

  /** @param cache a folder where Node keeps what it has compiled, which makes the next start quicker */
  constructor(env: Record<string, string>, cache: string) {
    // Only what is given: the configuration of whoever runs the tests must not reach in.
    this.#child = spawn(process.execPath, [ENTRY], {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: cache, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
        this.#tell()
      })
    }
    // What is told to a process that has just died is told to nobody.
    this.#child.on('error', () => {})
    this.gone = new Promise((resolve, reject) => {
      // `close`, not `exit`: then all output has come, too.
      this.#child.once('close', (code, signal) => {
        this.#tell()
        const point = CRASH_POINTS.find((each) => this.#output.includes(`killed ${each}\n`)) ?? null
        if (signal === 'SIGKILL' && (point !== null || this.#killed)) resolve(point)
        else reject(new Error(`the server ended by itself (code ${code}, signal ${signal}):\n${this.#output}`))
      })
    })
    // Whoever waits for it gets the error; until then it is no unhandled one.
    this.gone.catch(() => {})
  }

  /** @param ahead how far the clock of this process is ahead, in ms */
  start(ahead: number, crash: Crash | null): void {
    this.#order({ do: 'start', ahead, crash })
  }

  arm(crash: Crash): void {
    this.#order({ do: 'arm', crash })
  }

  /** Everything is loaded: it can be started. */
  async ready(): Promise<void> {
    await this.#says(/ready\n/)
  }

  /** The port on which it listens; null if it died before. */
  async listening(): Promise<number | null> {
    const match = await this.#says(/listening (\d+)\n/)
    return match === null ? null : Number(match[1])
  }

  async kill(): Promise<void> {
    this.#killed = true
    this.#child.kill('SIGKILL')
    await this.gone
  }

  /** What it said besides our own lines: its log. */
  get log(): string {
    return this.#output.replaceAll(/^(ready|listening|killed).*\n/gm, '')
  }

  #order(order: Order): void {
    this.#child.send(order, () => {})
  }

  async #says(pattern: RegExp): Promise<RegExpExecArray | null> {
    for (;;) {
      const match = pattern.exec(this.#output)
      if (match !== null) return match
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return null
      await this.#changed.promise
    }
  }

  #tell(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }
}
