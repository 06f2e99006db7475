import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real server process with a data directory of its own, in the demo workspace. */
export interface TestServer {
  port: number
  /** Its data directory. */
  data: string
  /** Where the agents work: http://127.0.0.1:<port>. */
  inbox: string
  /** Where the sample website is: http://localhost:<port>, another origin than the inbox. */
  website: string
  /** Kills the process as a power cut would. */
  kill(): Promise<void>
  /** Starts it again, on the same port and data. */
  start(): Promise<void>
  /** Waits until this many mails lie in the mail directory, and gives their texts. */
  mails(count: number): Promise<string[]>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

/** Starts the demo workspace on a free port; `flags` are for Node, `build` is a folder with another build than ours. */
export async function startServer(flags: readonly string[] = [], build?: string): Promise<TestServer> {
  const port = await freePort()
  const data = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    const entry = build === undefined ? 'sync-server/main.ts' : 'tests/e2e/support/server-entry.ts'
    const env = { PORT: String(port), DATA_DIR: data, LOG_LEVEL: 'warn', ORIGIN: '', HOST: '', BUILD_DIR: build }
    const started = spawn(process.execPath, [...flags, entry], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child = started
    await new Promise<void>((resolve, reject) => {
      started.stdout.on('data', (chunk: Buffer) => chunk.toString().includes(`:${port}`) && resolve())
      started.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)))
    })
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ending = child
    child = null
    if (ending === null || ending.exitCode !== null) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill(signal)
    await ended
  }

  await start()
  return {
    port,
    data,
    inbox: `http://127.0.0.1:${port}`,
    website: `http://localhost:${port}`,
    kill: () => end('SIGKILL'),
    start,
    mails: (count) => mailsIn(join(data, 'mail'), count),
    async remove() {
      await end('SIGTERM')
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function mailsIn(directory: string, count: number): Promise<string[]> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.eml')).sort()
    if (names.length >= count) return Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))
    if (Date.now() > deadline) throw new Error(`${names.length} of ${count} mails after 20 s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
