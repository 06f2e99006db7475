import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'
import { SEATS, type Seat } from './agents.ts'

/**
 * The demo's stage (`/demo/stage`) shows several people in one browser. Browsers keep one session cookie and one
 * network for all of them, so each has a seat: what a seat asks comes by `/demo/seat/<seat>/...`, is answered under a
 * cookie of the seat's own, and goes over a line that can be unplugged. This stands in front of the whole server and
 * only in the demo: nothing behind it knows of seats, and elsewhere there are none.
 */
export interface Seats {
  /** The listener, for requests that have come over a seat's line as for all others. */
  answering(listener: RequestListener): RequestListener
  /** The same for upgrades. */
  upgrading(upgrade: Upgrade): Upgrade
  /** The seat that a request came from; null: from none. */
  of(request: IncomingMessage): Seat | null
  /** Which lines are plugged in. */
  lines(): Lines
  /**
   * Plugs a line in, or cuts it: what is open breaks at once, and whatever comes after gets no answer, as if there
   * were no network.
   */
  plug(seat: Seat, plugged: boolean): void
}

export type Lines = Record<Seat, boolean>

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean

/** A seat's part of the server: its API and its socket. Pages and files have no line of their own. */
const PATH = /^\/demo\/seat\/([a-z]+)(\/(?:api|sync)(?:[/?].*)?)$/

/** @param cookie the name of the session cookie */
export function createSeats(cookie: string): Seats {
  const unplugged = new Set<Seat>()
  const open = new Map<Seat, Set<Duplex>>(SEATS.map((seat) => [seat, new Set()]))
  const seated = new WeakMap<IncomingMessage, Seat>()

  /** Takes a request for what its seat asked. False: the line is cut, and it has come to nothing. */
  const enters = (request: IncomingMessage, socket: Duplex): Seat | null | false => {
    const [, name, path] = PATH.exec(request.url ?? '') ?? []
    const seat = SEATS.find((each) => each === name)
    if (seat === undefined || path === undefined) return null
    if (unplugged.has(seat)) {
      socket.destroy()
      return false
    }
    request.url = path
    wearCookie(request, cookie, cookieOf(seat, cookie))
    seated.set(request, seat)
    return seat
  }

  return {
    answering: (listener) => (request, response) => {
      const { socket } = request
      const seat = enters(request, socket)
      if (seat === false) return
      if (seat !== null) {
        // A connection is shared by all seats, one request after the other: it is this one's until it is answered.
        open.get(seat)?.add(socket)
        response.once('close', () => open.get(seat)?.delete(socket))
      }
      listener(request, response)
    },
    upgrading: (upgrade) => (request, socket, head) => {
      const seat = enters(request, socket)
      if (seat === false) return true
      if (seat !== null) {
        open.get(seat)?.add(socket)
        socket.once('close', () => open.get(seat)?.delete(socket))
      }
      return upgrade(request, socket, head)
    },
    of: (request) => seated.get(request) ?? null,
    lines: () => Object.fromEntries(SEATS.map((seat) => [seat, !unplugged.has(seat)])) as Lines,
    plug(seat, plugged) {
      if (plugged) return void unplugged.delete(seat)
      unplugged.add(seat)
      for (const socket of open.get(seat) ?? []) socket.destroy()
    },
  }
}

/** What the session cookie is called for a seat. */
export function cookieOf(seat: Seat, cookie: string): string {
  return `${cookie}_${seat}`
}

/** Leaves of a request's cookies only the seat's, under the name that the server knows. */
function wearCookie(request: IncomingMessage, cookie: string, own: string): void {
  const held = request.headers.cookie?.split(';').map((each) => each.trim())
  const value = held?.find((each) => each.startsWith(`${own}=`))?.slice(own.length + 1)
  const kept: string[] = []
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name = '', text = ''] = request.rawHeaders.slice(i, i + 2)
    if (name.toLowerCase() !== 'cookie') kept.push(name, text)
  }
  if (value === undefined) delete request.headers.cookie
  else {
    request.headers.cookie = `${cookie}=${value}`
    kept.push('Cookie', request.headers.cookie)
  }
  // Hono reads these, and the handshake of sockets the parsed ones.
  request.rawHeaders = kept
}
