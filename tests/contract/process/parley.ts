import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The real process: what `npm start` runs, on the Node that runs the tests. */
export class Parley {
  readonly child: ChildProcess
  output = ''
  readonly exited: Promise<number | null>
  #changed = Promise.withResolvers<void>()

  constructor(env: Record<string, string>) {
    const main = fileURLToPath(new URL('../../../sync-server/main.ts', import.meta.url))
    // Only what is given: the configuration of whoever runs the tests must not reach in.
    this.child = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString()
        this.#tell()
      })
    }
    this.exited = new Promise((resolve) => {
      // `close`, not `exit`: then all output has come, too.
      this.child.once('close', (code) => {
        resolve(code)
        this.#tell()
      })
    })
  }

  /** Waits until the output holds this, and gives the match. Fails as soon as the process has ended without. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output)
      if (match !== null) return match
      if (this.child.exitCode !== null) throw new Error(`it ended without saying ${pattern}:\n${this.output}`)
      await this.#changed.promise
    }
  }

  /** The port that it has chosen, once it listens. */
  async port(): Promise<number> {
    return Number((await this.says(/http:\/\/127\.0\.0\.1:(\d+)\/inbox/))[1])
  }

  #tell(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }
}

/** Everything a test starts, ended and removed after it. */
export class Scene {
  readonly #ends: (() => unknown)[] = []

  start(env: Record<string, string>): Parley {
    const parley = new Parley(env)
    this.#ends.push(async () => {
      parley.child.kill('SIGKILL')
      await parley.exited
    })
    return parley
  }

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'parley-process-'))
    this.#ends.push(() => rmSync(folder, { recursive: true, force: true }))
    return folder
  }

  /** Takes a free port of this host. */
  async occupy(host: string): Promise<number> {
    const server: Server = createServer()
    await new Promise<void>((resolve) => server.listen({ host, port: 0 }, resolve))
    this.#ends.push(() => new Promise((resolve) => server.close(resolve)))
    return (server.address() as AddressInfo).port
  }

  async end(): Promise<void> {
    // The last begun goes first: a folder is removed when nobody writes to it any more.
    for (const end of this.#ends.splice(0).toReversed()) await end()
  }
}
