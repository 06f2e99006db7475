import { isLoopback } from '#server/config.ts'
import type { RequestListener, Server } from 'node:http'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createNetServer, type AddressInfo } from 'node:net'
import type { Server as NetServer } from 'node:net'

export interface Listening {
  server: Server
  port: number
  /** Takes no new connections, and resolves when those there are have ended; after `graceMs` it ends them. */
  close(graceMs: number): Promise<void>
}

/** Port 0 asks for any port that is free, on both loopback addresses: tried this often. */
const FREE_PORT_TRIES = 20

/**
 * Listens for HTTP. On a loopback host both 127.0.0.1 and ::1 answer (where the machine has them), so that
 * `localhost` works whichever a browser tries; connections to either come to the one server.
 *
 * @throws an Error that names PORT or HOST if that address cannot be had
 */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createHttpServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, listener)
  if (!isLoopback(host)) {
    await bind(server, host, port)
    return listening(server, [server])
  }
  for (let tries = port === 0 ? FREE_PORT_TRIES : 1; ; tries--) {
    const bound = await bindLoopback(server, port, tries > 1)
    if (bound !== null) return listening(server, bound)
  }
}

/** Null if `again` and the port that came free on one address was taken on the other. */
async function bindLoopback(server: Server, port: number, again: boolean): Promise<NetServer[] | null> {
  const four = await bindIfThere(server, '127.0.0.1', port)
  const chosen = four ? portOf(server) : port
  if (!four) {
    await bind(server, '::1', port)
    return [server]
  }
  // Not a second HTTP server: upgrades, timeouts and closing stay in one place.
  const six = createNetServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket))
  try {
    return (await bindIfThere(six, '::1', chosen)) ? [server, six] : [server]
  } catch (error) {
    await new Promise((resolve) => server.close(resolve))
    if (again) return null
    throw error
  }
}

/** False if the machine has no such address. */
async function bindIfThere(server: NetServer, host: string, port: number): Promise<boolean> {
  try {
    await bind(server, host, port)
    return true
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (isCode(cause, 'EADDRNOTAVAIL') || isCode(cause, 'EAFNOSUPPORT')) return false
    throw error
  }
}

async function bind(server: NetServer, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(explain(error, host, port), { cause: error }))
    server.once('error', fail)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function explain(error: Error, host: string, port: number): string {
  if (isCode(error, 'EADDRINUSE')) {
    return `Port ${port} on ${host} is taken by another program. Stop that one, or set PORT to a free port: PORT=${port + 1}.`
  }
  if (isCode(error, 'EACCES')) {
    return `Port ${port} on ${host} may not be used by this account. Set PORT to one above 1023.`
  }
  if (isCode(error, 'EADDRNOTAVAIL') || isCode(error, 'ENOTFOUND')) {
    return `This machine has no address ${host}. Set HOST to one that it has, or to 0.0.0.0 for all.`
  }
  return `Cannot listen on ${host}, port ${port}: ${error.message}`
}

function listening(server: Server, bound: NetServer[]): Listening {
  return {
    server,
    port: portOf(server),
    async close(graceMs) {
      const closed = bound.map((each) => new Promise((resolve) => each.close(resolve)))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await Promise.all(closed)
      clearTimeout(timer)
    },
  }
}

function portOf(server: NetServer): number {
  return (server.address() as AddressInfo).port
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
