import type { MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'

/**
 * A line for each request: method, path, status and how long it took. No query, no headers, no address: tokens and
 * people stay out of the log by not being put in.
 */
export function accessLog(log: Logger, now: () => number): MiddlewareHandler {
  return async (c, next) => {
    const start = now()
    await next()
    const { status } = c.res
    const line = { method: c.req.method, path: c.req.path.slice(0, 200), status, ms: now() - start }
    if (status >= 500) log.warn(line, 'request')
    else log.info(line, 'request')
  }
}
