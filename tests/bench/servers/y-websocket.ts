import { WebSocketServer } from 'ws'
import { setupWSConnection } from 'y-websocket-2/bin/utils'
import { listen } from './listen.ts'
import { serve } from './serve.ts'

/** y-websocket 2.1's own server, wired as its bin/server.cjs does: documents in memory, nothing stored. */
serve(async () => {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false })
  const { port, close } = await listen((request, socket, head) => {
    server.handleUpgrade(request, socket, head, (accepted) => setupWSConnection(accepted, request))
  })
  return { port, close }
})
