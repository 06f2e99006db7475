import { webcrypto } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pino, type Logger } from 'pino'
import { createAccounts } from './accounts/accounts.ts'
import { createAuthenticate } from './accounts/authenticate.ts'
import { sessionCookie } from './accounts/sessions.ts'
import { createSetup } from './accounts/setup.ts'
import { keepTidy } from './accounts/tidy.ts'
import { createVisitors } from './accounts/visitors.ts'
import { createLocalBus } from './bus/local.ts'
import type { Config } from './config.ts'
import { goOn, type Reached } from './crash-points.ts'
import { makeDemoDatabase } from './demo/first-database.ts'
import { createSeats, type Seats } from './demo/seats.ts'
import { seedDemo } from './demo/seed.ts'
import { isServerPath } from './http/app.ts'
import { startDevelopment } from './http/development.ts'
import { createFiles } from './http/files.ts'
import { createFront, type Front, type FrontParts } from './http/front.ts'
import { createLimits } from './http/limits.ts'
import { listen, type Listening } from './http/listen.ts'
import { createMetrics } from './http/metrics.ts'
import { createOwnOrigins } from './http/origins.ts'
import type { HttpParts } from './http/parts.ts'
import { createRequestListener } from './http/request-listener.ts'
import { startJobs, type Jobs } from './jobs/runner.ts'
import { createMailer } from './mail/mailer.ts'
import { createTranscriptHandler } from './mail/transcript-job.ts'
import { createRelay } from './relay/relay.ts'
import { openSqliteStore } from './store/sqlite/store.ts'

/** What tests and tools may bring along instead of the platform's. */
export interface Overrides {
  /** Milliseconds since 1970. */
  now?: () => number
  random?: (bytes: Uint8Array) => Uint8Array
  log?: Logger
  /** The folder with the built `app` and `widget`; the project's own `build` if left out. */
  buildDir?: string
  reached?: Reached
}

export interface RunningServer {
  /** ORIGIN, or where the demo answers: without a slash at the end. */
  url: string
  port: number
  /** The link to become the first administrator; null if there is one, and in the demo. It works once. */
  setupLink(): string | null
  /** Stops taking work, finishes what is under way for a few seconds, and lets go of the port and the files. */
  close(): Promise<void>
}

/** What all parts stand on. */
type Ground = Required<Omit<Overrides, 'buildDir'>> & { config: Config; stop: AbortController; local: string }

/** How long what is under way may take when the server stops, in ms. */
const GRACE = { jobs: 5_000, requests: 3_000 }

/**
 * Starts the whole server: store, relay, jobs and HTTP in one process.
 *
 * @throws an Error for people: a port that is taken, a database of a newer version, a folder that cannot be written
 */
export async function startServer(config: Config, overrides: Overrides = {}): Promise<RunningServer> {
  const front = createFront()
  const listening = await listen(front.request, config.host, config.port)
  listening.server.on('upgrade', front.upgrade)
  const ground: Ground = {
    config,
    now: overrides.now ?? Date.now,
    random: overrides.random ?? ((bytes) => webcrypto.getRandomValues(bytes)),
    log: overrides.log ?? pino({ level: config.logLevel }),
    reached: overrides.reached ?? goOn,
    stop: new AbortController(),
    local: `http://127.0.0.1:${listening.port}`,
  }
  try {
    return await startBehind(front, listening, ground, overrides.buildDir ?? inProject('../build'))
  } catch (error) {
    ground.stop.abort()
    await listening.close(0)
    throw error
  }
}

/** Puts the parts together, and opens the front when all of them are there. */
async function startBehind(
  front: Front,
  listening: Listening,
  ground: Ground,
  buildDir: string,
): Promise<RunningServer> {
  const { config, log, stop, local } = ground
  const { store, metrics } = await openStore(ground)
  const people = await createPeople(ground, store)
  const { relay, jobs, mailer } = startWork(ground, store, people)
  const development = config.dev ? await startDevelopment(listening.server) : null
  const seats = config.demo ? createSeats(sessionCookie(false)) : null
  const own = createRequestListener({
    ...ground,
    ...people,
    store,
    erase: relay.erase,
    metrics,
    limits: createLimits(ground.now),
    files: filesOf(config, buildDir),
    seats,
    mailFolder: config.demo && config.smtpUrl === null ? mailFolderOf(config) : null,
    draining: () => stop.signal.aborted,
  })
  front.open({
    ...overLines(seats, {
      request: (request, response) => {
        const handle = development === null || isServerPath(request.url ?? '/') ? own : development.handle
        handle(request, response)
      },
      upgrade: (request, socket, head) => development?.takes(request) === true || relay.upgrade(request, socket, head),
    }),
    opened: metrics.connected,
  })
  log.info({ port: listening.port, demo: config.demo, dataDir: config.dataDir }, 'listening')
  return {
    url: config.origin ?? local,
    port: listening.port,
    // The page reads the token there. Our own log keeps no queries, and it works once.
    setupLink: () => (people.setup.token === null ? null : `${config.origin}/setup?token=${people.setup.token}`),
    async close() {
      stop.abort()
      // The jobs first: they append through the relay.
      await Promise.race([jobs.stopped, wait(GRACE.jobs, undefined, { ref: false })])
      await relay.close()
      front.dropSockets()
      await Promise.all([listening.close(GRACE.requests), development?.close()])
      mailer.close()
      await store.close()
    },
  }
}

/** In the demo, whoever is on the stage comes over a line of their own. */
function overLines(seats: Seats | null, { request, upgrade }: Pick<FrontParts, 'request' | 'upgrade'>) {
  return seats === null
    ? { request, upgrade }
    : { request: seats.answering(request), upgrade: seats.upgrading(upgrade) }
}

async function openStore({ config, now, random, reached, local }: Ground) {
  makeFolder(config.dataDir)
  const metrics = createMetrics()
  const path = join(config.dataDir, 'parley.db')
  // It is opened by this name, so that it is on another origin than the inbox.
  const sampleWebsite = local.replace('127.0.0.1', 'localhost')
  if (config.demo) await makeDemoDatabase(path, { now, random }, sampleWebsite)
  const store = metrics.counting(openSqliteStore({ path, random, now, reached }))
  try {
    // A database that somebody else began, and that nobody has an account in, becomes the demo's too.
    if (config.demo) await seedDemo(store, { now, random }, sampleWebsite)
  } catch (error) {
    await store.close()
    throw error
  }
  return { store, metrics }
}

type OpenStore = Awaited<ReturnType<typeof openStore>>['store']

/** Who may come in: agents, visitors, and whoever sets the workspace up. */
async function createPeople({ config, now, random, log, stop }: Ground, store: OpenStore) {
  const bus = createLocalBus()
  const origins = createOwnOrigins(config.origin)
  const accounts = createAccounts({ store, bus, secure: config.origin?.startsWith('https:') === true, now })
  const visitors = createVisitors({ store, now, random })
  const setup = await createSetup({ store, demo: config.demo, now, random })
  const authenticate = createAuthenticate({ store, accounts, visitors, isOwn: (...asked) => origins.isOwn(...asked) })
  keepTidy(accounts, log, stop.signal)
  return { bus, origins, accounts, visitors, setup, authenticate }
}

type People = Awaited<ReturnType<typeof createPeople>>

/** The relay, and the jobs that follow from what it stores. */
function startWork({ config, now, log, reached, stop }: Ground, store: OpenStore, { bus, authenticate }: People) {
  const { smtpUrl, mailFrom, mailDomain } = config
  const mailer = createMailer({ smtpUrl, directory: mailFolderOf(config), now })
  const relay = createRelay({ store, bus, authenticate, now, log, reached, onJobs: () => jobs.wake() })
  const transcript = createTranscriptHandler({ store, mailer, append: relay.append, mailFrom, mailDomain, reached })
  const owner = webcrypto.randomUUID()
  const jobs: Jobs = startJobs({ store, handlers: { transcript }, now, log, reached, signal: stop.signal, owner })
  return { mailer, relay, jobs }
}

/** In development the app is Vite's, and the rest is looked up again each time. */
function filesOf({ demo, dev }: Config, buildDir: string): HttpParts['files'] {
  return {
    app: dev ? null : createFiles(join(buildDir, 'app')),
    widget: createFiles(join(buildDir, 'widget'), dev),
    site: demo ? createFiles(inProject('demo/site'), dev) : null,
  }
}

function mailFolderOf({ dataDir }: Config): string {
  return join(dataDir, 'mail')
}

function makeFolder(path: string): void {
  try {
    // The owner's alone: everything that people said lies in it.
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Error(`DATA_DIR is "${path}", which cannot be made a folder: ${String(error)}`, { cause: error })
  }
}

function inProject(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
