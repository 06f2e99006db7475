import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'

/** Takes over the upgrade of a connection; false if its path is none of ours. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean

export interface FrontParts {
  request: RequestListener
  upgrade: Upgrade
  opened: () => () => void
}

/**
 * What stands between the port and the parts behind it. The port is bound first, so that a second server is noticed
 * before it touches the data; until the parts are there, callers are asked to come again.
 */
export interface Front {
  request: RequestListener
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** From now on these answer. `opened` is told of every socket that is taken over, and returns what its end calls. */
  open(parts: FrontParts): void
  /** Ends the sockets that are still open; HTTP's own way of closing does not know them any more. */
  dropSockets(): void
}

export function createFront(): Front {
  let parts: FrontParts | null = null
  const sockets = new Set<Duplex>()
  return {
    request(request, response) {
      if (parts !== null) return parts.request(request, response)
      response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end('starting\n')
    },
    upgrade(request, socket, head) {
      // A peer that goes away during the handshake is no error of the process.
      socket.on('error', () => socket.destroy())
      if (parts === null || !parts.upgrade(request, socket, head)) {
        socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
        return
      }
      const ended = parts.opened()
      sockets.add(socket)
      socket.once('close', () => {
        sockets.delete(socket)
        ended()
      })
    },
    open: (given) => void (parts = given),
    dropSockets() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
