import { goOn, type Reached } from '#server/crash-points.ts'
import type { Job, JobStore } from '#server/store/port.ts'
import { backoff, type BackoffOptions } from './backoff.ts'
import { PermanentFailure, type JobHandler } from './handler.ts'
import { sleep as platformSleep, type Sleep } from './sleep.ts'

/** Where the runner tells what went wrong; pino has this shape. */
export interface JobLog {
  warn(what: object, message: string): void
  error(what: object, message: string): void
}

export interface JobSettings {
  /** How many jobs run side by side in this process. */
  workers: number
  /** How long a worker may take for a job before somebody else may start over, in ms. */
  lease: number
  /** How often a job is started before it becomes a dead letter. With the delays below: about two days. */
  attempts: number
  delay: BackoffOptions
  /** The longest time without looking, in ms: other processes write jobs too, and nobody wakes us for those. */
  idle: number
}

export const JOB_SETTINGS: JobSettings = {
  workers: 2,
  lease: 2 * 60_000,
  attempts: 16,
  delay: { first: 10_000, most: 6 * 3_600_000 },
  idle: 60_000,
}

export interface JobsOptions {
  store: JobStore
  handlers: Record<Job['kind'], JobHandler>
  now: () => number
  log: JobLog
  /** Ends the runner: no job is begun any more, and the one under way is finished. */
  signal: AbortSignal
  /** Names this process among others that use the same store. */
  owner: string
  settings?: Partial<JobSettings>
  /** A random number from 0 up to 1. */
  random?: () => number
  sleep?: Sleep
  reached?: Reached
}

export interface Jobs {
  /** There may be a job: look at once. */
  wake(): void
  /** Settles when everything under way at the signal has been finished. */
  stopped: Promise<void>
}

type Context = Omit<Required<JobsOptions>, 'settings'> & { settings: JobSettings; alarm: Alarm }

/** Wakes every worker that sleeps, and those that were about to: each holds the signal from before it looked. */
interface Alarm {
  signal(): AbortSignal
  ring(): void
}

/**
 * Runs the store's jobs: leases one, does it, finishes it or puts it off, and sleeps until the next is due. What is
 * leased when the process dies is done again when the lease ends; handlers see to it that this changes nothing.
 */
export function startJobs(options: JobsOptions): Jobs {
  const context: Context = {
    random: Math.random,
    sleep: platformSleep,
    reached: goOn,
    ...options,
    settings: { ...JOB_SETTINGS, ...options.settings },
    alarm: createAlarm(),
  }
  const workers = Array.from({ length: context.settings.workers }, (_, index) => work(context, index))
  return { wake: context.alarm.ring, stopped: Promise.all(workers).then(() => undefined) }
}

async function work(context: Context, worker: number): Promise<void> {
  const { store, now, log, signal, settings, alarm, sleep } = context
  for (let round = 0; !signal.aborted; round++) {
    const woken = alarm.signal()
    // A lease of its own each time: one that this process lost is not mistaken for the next.
    const owner = `${context.owner}/${worker}/${round}`
    try {
      const job = await store.leaseJob(owner, now(), settings.lease)
      if (job !== null) await run(context, job, owner)
      else await sleep(await untilNext(context), AbortSignal.any([signal, woken]))
    } catch (error) {
      log.error({ err: error }, 'The store failed in a job; its lease ends by itself, and it is done again.')
      await sleep(settings.delay.first, signal)
    }
  }
}

async function untilNext({ store, now, settings }: Context): Promise<number> {
  const at = await store.nextJobAt()
  return at === null ? settings.idle : Math.min(settings.idle, Math.max(0, at - now()))
}

async function run(context: Context, job: Job, owner: string): Promise<void> {
  const { store, handlers, now, log, settings, random, reached } = context
  const last = job.attempts >= settings.attempts
  const failure = await attempt(handlers[job.kind], job, { last, lease: settings.lease, most: settings.attempts })
  let held: boolean
  if (failure === null) {
    reached('before-done')
    held = await store.finishJob(job.key, owner)
  } else if (last || failure instanceof PermanentFailure) {
    log.error({ err: failure, job: job.key, attempts: job.attempts }, 'A job failed for good.')
    held = await store.retryJob(job.key, owner, null, failure.message)
  } else {
    const delay = backoff(job.attempts, settings.delay, random())
    log.warn({ err: failure, job: job.key, attempts: job.attempts, delay }, 'A job failed and is tried again.')
    held = await store.retryJob(job.key, owner, now() + delay, failure.message)
  }
  if (!held) log.warn({ job: job.key }, 'A job took longer than its lease; somebody else has taken it over.')
}

/** Why the attempt failed, or null. */
async function attempt(
  handler: JobHandler,
  job: Job,
  { last, lease, most }: { last: boolean; lease: number; most: number },
): Promise<Error | null> {
  // Started so often and never ended: it takes the process down with it, so it is not started again.
  if (job.attempts > most) return new PermanentFailure(`started ${most} times without ever ending`)
  try {
    await handler(job, { last, signal: AbortSignal.timeout(lease) })
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function createAlarm(): Alarm {
  let current = new AbortController()
  return {
    signal: () => current.signal,
    ring() {
      const before = current
      current = new AbortController()
      before.abort()
    },
  }
}
