import { getRequestListener } from '@hono/node-server'
import type { RequestListener } from 'node:http'
import { createApp } from './app.ts'
import type { HttpParts } from './parts.ts'

/** The HTTP side as Node's http module takes it. */
export function createRequestListener(parts: HttpParts): RequestListener {
  const app = createApp(parts)
  const listener = getRequestListener(app.fetch)
  return (request, response) => void listener(request, response)
}
