import type { Principal } from '#conversation/ids.ts'
import { roomName } from '#conversation/rooms.ts'
import { CloseCode, SERVER_CLIENT } from '#conversation/wire.ts'
import type { Bus, BusMessage } from '#server/bus/port.ts'
import { goOn, type Reached } from '#server/crash-points.ts'
import type { Store } from '#server/store/port.ts'
import { Connection, type Protocol } from './connection.ts'
import { TRY_AGAIN } from './door.ts'
import { Feed } from './feed.ts'
import { createHandshake } from './handshake.ts'
import { PING_MS, RENEW_MS } from './limits.ts'
import { Multiplex } from './multiplex.ts'
import { speakPlain } from './plain.ts'
import type { Accepted, Authenticate, Log, Relay } from './port.ts'
import { Rooms } from './rooms.ts'

export interface RelayOptions {
  store: Store
  bus: Bus
  authenticate: Authenticate
  /** Milliseconds since 1970. */
  now(): number
  /** Between 0 and 1, for ids of presence, which must be unique and not secret. */
  random?(): number
  log: Log
  /** Called after a commit that wrote jobs. */
  onJobs?(): void
  reached?: Reached
}

/** The relay: stamps what devices append, and tells everybody in the room. What it remembers is a cache of the store. */
export function createRelay({
  random = Math.random,
  onJobs = () => {},
  reached = goOn,
  ...options
}: RelayOptions): Relay {
  const { store, bus, now, log } = options
  const rooms = new Rooms({ store, bus, now, random, log, onJobs, reached })
  const connections = new Map<Connection, Protocol>()
  let state: 'open' | 'draining' = 'open'
  let changes = 0

  function accept({ socket, caller, room }: Accepted): void {
    const connection = new Connection(socket, caller, now)
    if (state === 'draining') return connection.close(...TRY_AGAIN)
    const protocol =
      room === null
        ? new Multiplex(connection, rooms, new Feed(connection, store, log), log)
        : speakPlain(connection, rooms, room)
    connections.set(connection, protocol)
    connection.speak(protocol, () => connections.delete(connection))
  }

  /** An agent may reach other things than before: everything that it has open is looked at again. */
  async function checkAgain(agent: string): Promise<void> {
    const principal: Principal = `agent:${agent}`
    const asker = { role: 'agent', ...(await store.reach(agent)) } as const
    for (const [connection, protocol] of connections) {
      if (connection.caller.principal !== principal) continue
      connection.caller = { ...connection.caller, asker }
      protocol.accessChanged()
    }
    rooms.recheck()
  }

  function closeOf(agent: string, session: string | undefined, code: CloseCode, reason: string): void {
    for (const connection of [...connections.keys()]) {
      const { principal, session: own } = connection.caller
      if (principal !== `agent:${agent}` || (session !== undefined && session !== own)) continue
      connection.close(code, reason)
    }
  }

  function hear(message: BusMessage): void {
    if (message.type === 'rows') {
      for (const protocol of connections.values()) protocol.news(message.rows, message.only)
      return
    }
    if (message.type === 'reset') return rooms.reset(message.room)
    changes++
    if (message.type === 'signed-out') {
      return closeOf(message.agent, message.session, CloseCode.NotSignedIn, 'signed out')
    }
    checkAgain(message.agent).catch((error: unknown) => {
      // Failing closed: nobody goes on with what they may have lost.
      log.error({ error: String(error) }, 'what an agent may reach could not be read')
      closeOf(message.agent, undefined, ...TRY_AGAIN)
    })
  }

  const unsubscribe = bus.subscribe(hear)
  const renewing = setInterval(() => rooms.renew(), RENEW_MS)
  const pinging = setInterval(() => {
    for (const connection of [...connections.keys()]) connection.ping()
  }, PING_MS)

  return {
    upgrade: createHandshake({ authenticate: options.authenticate, log, accepted: accept, changes: () => changes }),
    accept,
    async append(room, principal, entries) {
      if (state === 'draining') throw new Error('the relay is closed')
      return await rooms.append(room, principal, entries, SERVER_CLIENT)
    },
    async erase(room, entry) {
      if (state === 'draining') throw new Error('the relay is closed')
      const erasure = await store.erase(room, entry)
      if (erasure.status !== 'erased') return erasure
      bus.publish({ type: 'reset', room: roomName(room) })
      if (erasure.row !== null) bus.publish({ type: 'rows', rows: [erasure.row] })
      return erasure
    },
    async close() {
      state = 'draining'
      unsubscribe()
      clearInterval(renewing)
      clearInterval(pinging)
      for (const connection of connections.keys()) connection.deafen()
      await rooms.drain()
      const closed = [...connections.keys()].map((connection) => connection.end(...TRY_AGAIN))
      // What was still being judged has found its peer gone; what had been queued just before is stored.
      await rooms.drain()
      await Promise.all(closed)
    },
  }
}
