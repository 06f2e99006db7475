import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { CRASH_POINTS, type CrashPoint } from '#server/crash-points.ts'
import { Random } from '../simulation/random.ts'
import { MailServer } from './mail-server.ts'
import { People } from './people.ts'
import type { Crash } from './server-entry.ts'
import { ServerProcess } from './server-process.ts'
import { Witness } from './witness.ts'

/** How a life ends: at a crash point, at any moment, while it starts, or when there is nothing left to do. */
export type Death = CrashPoint | 'any-moment' | 'starting' | 'at-rest'

export const DEATHS: readonly Death[] = [...CRASH_POINTS, 'any-moment', 'starting', 'at-rest']
/**
 * Lives on one data folder. A job may be started 16 times before it counts as deadly, and each life starts a job once:
 * with fewer lives none can be given up.
 */
export const MOST_LIVES = 13

/** Each process's clock is so much ahead of the one before: what that one had leased is due again, as it is in time. */
const CLOCK_STEP = 3 * 60_000
/** The longest pause between two things that people do, in ms. */
const PAUSE = 6
/** At which time of reaching it the process dies, at most: each flush passes the first three, only a close the others. */
const NTH: Record<CrashPoint, number> = {
  'in-transaction': 20,
  'after-commit': 20,
  'after-frame': 20,
  'before-smtp': 3,
  'after-250': 3,
  'before-done': 3,
}

/** One data folder, on which the server is killed time and again while people write. */
export class Batch {
  readonly witness = new Witness()
  readonly mail = new MailServer()
  /** How each life ended, in order; and when it began by its own clock. */
  readonly deaths: Death[] = []
  readonly births: number[] = []
  readonly #random: Random
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-crash-'))
  readonly #cache: string
  #env: Record<string, string> = {}
  #current: ServerProcess | null = null
  #next: ServerProcess | null = null
  #people: People | null = null

  /** @param cache see ServerProcess */
  constructor(seed: number, cache: string) {
    this.#random = new Random(seed)
    this.#cache = cache
  }

  get file(): string {
    return join(this.#folder, 'parley.db')
  }

  get people(): People {
    if (this.#people === null) throw new Error('nobody has arrived yet')
    return this.#people
  }

  /**
   * Lives so often, and ends with nothing left to do.
   * @param rest resolves when that is so
   */
  async run(kills: number, rest: () => Promise<void>): Promise<void> {
    this.#env = { PORT: '0', DATA_DIR: this.#folder, SMTP_URL: await this.mail.start(), LOG_LEVEL: 'error' }
    const stop = new AbortController()
    const plan = this.#plan(kills)
    const first = await this.#arrive()
    const traffic = this.#traffic(stop.signal)
    // It ends when it is told; if it ends by an error, everything does.
    const broken = traffic.then(() => new Promise<never>(() => {}))
    for (const [life, death] of plan.slice(0, -1).entries()) {
      await Promise.race([life === 0 ? this.#endLater(first, death) : this.#live(death), broken])
    }
    stop.abort()
    await traffic
    await this.#last(rest)
  }

  async end(): Promise<void> {
    await this.#people?.leave()
    // How they end is no matter any more.
    for (const server of [this.#current, this.#next]) await server?.kill().catch(() => {})
    await this.mail.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** Every way to die, in an order of this seed, over and over; at last, at rest. */
  #plan(kills: number): Death[] {
    const ways = DEATHS.filter((death) => death !== 'at-rest')
    const plan: Death[] = []
    while (plan.length < kills) plan.push(...shuffled(ways, this.#random))
    // In its first life people arrive, so it cannot end before it has begun.
    if (plan[0] === 'starting') plan.push(...plan.splice(0, 1))
    return [...plan.slice(0, kills - 1), 'at-rest']
  }

  /** The first life, in which people sign in. */
  async #arrive(): Promise<ServerProcess> {
    const server = await this.#begin(null)
    const port = await server.listening()
    if (port === null) return await server.gone.then(() => Promise.reject(new Error('it never listened')))
    this.#env = { ...this.#env, PORT: String(port) }
    this.#people = await People.arrive(new Random(this.#random.below(2 ** 32)), this.witness, port)
    return server
  }

  /** Ends a life that has begun without an end in view. */
  async #endLater(server: ServerProcess, death: Death): Promise<void> {
    const crash = this.#crashOf(death)
    if (crash !== null) server.arm(crash)
    this.#standBy()
    await this.#end(server, death)
  }

  async #live(death: Death): Promise<void> {
    const server = await this.#begin(this.#crashOf(death))
    this.#standBy()
    await this.#end(server, death)
  }

  async #last(rest: () => Promise<void>): Promise<void> {
    const server = this.#current ?? (await this.#begin(null))
    await rest()
    await server.kill()
    await this.#over(server, 'at-rest')
  }

  async #begin(crash: Crash | null): Promise<ServerProcess> {
    const server = this.#next ?? new ServerProcess(this.#env, this.#cache)
    this.#next = null
    await server.ready()
    const ahead = this.deaths.length * CLOCK_STEP
    this.mail.life = this.deaths.length
    this.births.push(Date.now() + ahead)
    server.start(ahead, crash)
    this.#current = server
    return server
  }

  async #end(server: ServerProcess, death: Death): Promise<void> {
    if (death === 'starting') {
      await wait(this.#random.below(60))
      await server.kill()
    } else if (death === 'any-moment') {
      await server.listening()
      await wait(this.#random.below(400))
      await server.kill()
    }
    await this.#over(server, death)
  }

  async #over(server: ServerProcess, death: Death): Promise<void> {
    const point = await server.gone
    if (server.log !== '') throw new Error(`the server complained:\n${server.log}`)
    if (this.#crashOf(death) !== null && point !== death) throw new Error(`it should have died ${death}, not ${point}`)
    this.deaths.push(death)
    this.#current = null
  }

  #crashOf(death: Death): Crash | null {
    const point = CRASH_POINTS.find((each) => each === death)
    return point === undefined ? null : { point, nth: 1 + this.#random.below(NTH[point]) }
  }

  /** The next process loads while this one lives, so that a start takes no longer than the server's own. */
  #standBy(): void {
    this.#next = new ServerProcess(this.#env, this.#cache)
  }

  /** People write on whether the server is there or not. */
  async #traffic(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.people.act()
      this.people.reconnect()
      // A pace, so that what is sent is not one single flush.
      await wait(this.#random.below(PAUSE))
    }
  }
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  const left = [...all]
  return all.flatMap(() => left.splice(random.below(left.length), 1))
}
