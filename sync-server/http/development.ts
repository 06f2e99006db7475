import type { IncomingMessage, RequestListener, Server } from 'node:http'

export interface Development {
  /** Answers what belongs to the inbox app, from its sources. */
  handle: RequestListener
  /** Whether an upgrade is Vite's own socket for reloading; it listens for that itself. */
  takes(request: IncomingMessage): boolean
  close(): Promise<void>
}

/** Vite as a part of this process, for `npm run dev`: the app from its sources, with reload over the same server. */
export async function startDevelopment(server: Server): Promise<Development> {
  // Loaded only here: the server that people use has no bundler in it.
  const { createServer } = await import('vite')
  const vite = await createServer({
    // SvelteKit answers the app's routes.
    appType: 'custom',
    server: {
      middlewareMode: true,
      ws: { server },
      watch: { ignored: ['**/data/**', '**/build/**', '**/tests/**'] },
    },
  })
  return {
    handle: (request, response) => vite.middlewares(request, response),
    takes: (request) => request.headers['sec-websocket-protocol']?.startsWith('vite-') === true,
    close: () => vite.close(),
  }
}
