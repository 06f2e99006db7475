import { Hono } from 'hono'
import { isFromThisMachine } from './address.ts'
import type { Env, HttpParts } from './parts.ts'

/** How long the store may take to answer before the server counts as not ready, in ms. */
const STORE_ANSWERS_WITHIN = 2_000

/** For whoever runs the server: is the process alive, may it get requests, what has it done. */
export function health({ draining, log, metrics, store }: HttpParts) {
  return new Hono<Env>()
    .get('/healthz', (c) => c.text('ok\n'))
    .get('/readyz', async (c) => {
      if (draining()) return c.text('stopping\n', 503)
      try {
        await within(STORE_ANSWERS_WITHIN, store.inboxes())
        return c.text('ok\n')
      } catch (error) {
        log.error({ err: error }, 'the store does not answer')
        return c.text('the store does not answer\n', 503)
      }
    })
    .get('/metrics', async (c) => {
      // Numbers about the workspace are for this machine; a proxy on it speaks for others.
      if (!isFromThisMachine(c.env.incoming)) return c.notFound()
      const { type, body } = await metrics.text()
      return c.body(body, 200, { 'content-type': type })
    })
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
