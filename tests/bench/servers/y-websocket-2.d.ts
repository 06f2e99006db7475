declare module 'y-websocket-2/bin/utils' {
  import type { IncomingMessage } from 'node:http'
  import type { WebSocket } from 'ws'

  export function setupWSConnection(socket: WebSocket, request: IncomingMessage): void
}
