import { WebSocketServer, type WebSocket } from 'ws'
import { listen } from './listen.ts'
import { serve } from './serve.ts'

/**
 * The floor: each message goes to everybody on the same path, its sender among them, unread. It speaks no protocol, so
 * a sync step 2 that says nothing is sent at the beginning: clients wait for one.
 */
serve(async () => {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false })
  const rooms = new Map<string, Set<WebSocket>>()
  const { port, close } = await listen((request, socket, head) => {
    server.handleUpgrade(request, socket, head, (accepted) => {
      const name = request.url ?? ''
      const room = rooms.get(name) ?? new Set()
      rooms.set(name, room.add(accepted))
      accepted.on('message', (data: Buffer) => {
        for (const each of room) each.send(data)
      })
      accepted.on('close', () => {
        room.delete(accepted)
        if (room.size === 0) rooms.delete(name)
      })
      accepted.send(Uint8Array.of(0, 1, 2, 0, 0))
    })
  })
  return { port, close }
})
