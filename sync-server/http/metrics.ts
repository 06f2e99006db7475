import type { Store } from '#server/store/port.ts'
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'

/** What the process tells a Prometheus. */
export interface Metrics {
  /** A socket was opened; the function that is returned says that it is gone. */
  connected(): () => void
  /** The store, with what goes into it counted. */
  counting(store: Store): Store
  /** The text format of Prometheus, and its content type. */
  text(): Promise<{ type: string; body: string }>
}

/** Metrics of their own registry, so that several servers in one process (tests) do not add up. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const sockets = new Gauge({ name: 'parley_sockets', help: 'Open sockets on /sync.', registers })
  const updates = new Counter({
    name: 'parley_updates_total',
    help: 'Updates handed to the store, by what became of them.',
    labelNames: ['status'],
    registers,
  })
  const entries = new Counter({ name: 'parley_entries_stored_total', help: 'Entries stored.', registers })
  const jobs = new Counter({
    name: 'parley_jobs_total',
    help: 'Runs of jobs, by how they ended.',
    labelNames: ['end'],
    registers,
  })

  const append = (store: Store): Store['append'] => {
    return async (...args) => {
      const commit = await store.append(...args)
      for (const result of commit.results) {
        updates.inc({ status: result.status })
        if (result.status === 'stored') entries.inc(result.entries.length)
      }
      return commit
    }
  }
  const finishJob = (store: Store): Store['finishJob'] => {
    return async (...args) => {
      const done = await store.finishJob(...args)
      if (done) jobs.inc({ end: 'done' })
      return done
    }
  }
  const retryJob = (store: Store): Store['retryJob'] => {
    return async (...args) => {
      const noted = await store.retryJob(...args)
      if (noted) jobs.inc({ end: args[2] === null ? 'given-up' : 'retried' })
      return noted
    }
  }

  return {
    connected() {
      sockets.inc()
      return () => sockets.dec()
    },
    counting: (store) =>
      overlay(store, { append: append(store), finishJob: finishJob(store), retryJob: retryJob(store) }),
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  }
}

/** An object with some methods replaced; works for classes with private fields too, whose `this` must stay theirs. */
function overlay(store: Store, changed: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const own: unknown = Reflect.get(changed, name)
      if (own !== undefined) return own
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
