import { CloseCode } from '#conversation/wire.ts'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { TRY_AGAIN } from './door.ts'
import { MAX_HANDSHAKES, MAX_MESSAGE } from './limits.ts'
import { audienceOf, type Audience } from './presence.ts'
import type { Accepted, Authenticate, Log } from './port.ts'

export interface HandshakeOptions {
  authenticate: Authenticate
  log: Log
  accepted(accepted: Accepted): void
  /** Changes when anybody's session or access does, so that an answer from before it is asked for again. */
  changes(): number
}

const BASE = '/sync'
const SUBPROTOCOL = 'parley'

/** ws closes with 1009 when a message is too large, which y-websocket would retry for ever. */
class RelaySocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === 1009) super.close(CloseCode.TooLarge, 'message too large')
    else super.close(code, reason)
  }
}

/**
 * Finds out who opens a socket before it is one. Nothing is read from anybody unknown; who is refused gets a socket
 * that closes at once with the reason's code.
 */
export function createHandshake(
  options: HandshakeOptions,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean {
  const servers = { agent: createServer('agent'), visitor: createServer('visitor') }
  let underWay = 0

  async function shake(request: IncomingMessage, socket: Duplex, head: Buffer, room: string | null): Promise<void> {
    const answer = underWay > MAX_HANDSHAKES ? tryAgain : await ask(options, request)
    const server = servers[answer.ok ? audienceOf(answer.caller.principal) : 'visitor']
    server.handleUpgrade(request, socket, head, (accepted) => {
      // A socket that breaks is closed, too; there is nothing else to do about it.
      accepted.on('error', () => {})
      if (answer.ok) options.accepted({ socket: accepted, caller: answer.caller, room })
      else accepted.close(answer.code, answer.reason)
    })
  }

  return (request, socket, head) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    if (path !== BASE && !path.startsWith(`${BASE}/`)) return false
    const dropped = () => socket.destroy()
    socket.on('error', dropped)
    underWay++
    void shake(request, socket, head, path === BASE ? null : decoded(path.slice(BASE.length + 1)))
      .catch((error: unknown) => {
        options.log.error({ error: String(error) }, 'a socket could not be opened')
        socket.destroy()
      })
      .finally(() => {
        underWay--
        socket.off('error', dropped)
      })
    return true
  }
}

type Answer = Awaited<ReturnType<Authenticate>>

const tryAgain: Answer = { ok: false, code: TRY_AGAIN[0], reason: TRY_AGAIN[1] }

async function ask({ authenticate, log, changes }: HandshakeOptions, request: IncomingMessage): Promise<Answer> {
  try {
    for (;;) {
      const before = changes()
      const answer = await authenticate(request)
      if (before === changes()) return answer
    }
  } catch (error) {
    log.error({ error: String(error) }, 'nobody could be authenticated')
    return tryAgain
  }
}

function createServer(audience: Audience): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE[audience],
    WebSocket: RelaySocket,
    // The token is offered beside it, and must not come back in a header.
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  })
}

/** A room's name in a path. What cannot be decoded is the name of no room. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}
