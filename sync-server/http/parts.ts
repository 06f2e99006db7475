import type { HttpBindings } from '@hono/node-server'
import type { Accounts } from '#server/accounts/accounts.ts'
import type { Setup } from '#server/accounts/setup.ts'
import type { Visitors } from '#server/accounts/visitors.ts'
import type { Bus } from '#server/bus/port.ts'
import type { Config } from '#server/config.ts'
import type { Seats } from '#server/demo/seats.ts'
import type { Relay } from '#server/relay/port.ts'
import type { Store } from '#server/store/port.ts'
import type { Logger } from 'pino'
import type { Files } from './files.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import type { OwnOrigins } from './origins.ts'

/** All that the HTTP side works with; server.ts puts it together. */
export interface HttpParts {
  config: Config
  store: Store
  bus: Bus
  accounts: Accounts
  visitors: Visitors
  setup: Setup
  /** The relay's. */
  erase: Relay['erase']
  origins: OwnOrigins
  limits: Limits
  metrics: Metrics
  files: {
    /** The inbox app; null in development, where Vite serves it. */
    app: Files | null
    widget: Files
    /** The sample website; null outside the demo. */
    site: Files | null
  }
  /** The seats of the demo's stage; null outside the demo, where there are none. */
  seats: Seats | null
  /** The folder of .eml files that were written instead of sent; null if mail really goes out, and outside the demo. */
  mailFolder: string | null
  now: () => number
  log: Logger
  /** The process is about to end. */
  draining: () => boolean
}

/** Hono's environment here: the Node request behind each call. */
export interface Env {
  Bindings: HttpBindings
}
