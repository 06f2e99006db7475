import { join } from 'node:path'
import { SQLite } from '@hocuspocus/extension-sqlite'
import { Server } from '@hocuspocus/server'
import { serve } from './serve.ts'

/** Hocuspocus with its SQLite extension, both as they come. It stores a document 2 to 10 s after it changed. */
serve(async ({ folder }) => {
  const server = new Server({
    port: 0,
    address: '127.0.0.1',
    quiet: true,
    stopOnSignals: false,
    extensions: [new SQLite({ database: join(folder, 'hocuspocus.db') })],
  })
  await server.listen()
  return { port: server.address.port, close: () => server.destroy() }
})
