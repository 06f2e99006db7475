import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A website of somebody else's, on an origin of its own. */
export interface Website {
  origin: string
  close(): Promise<void>
}

/** A page as it is sent; a text alone is HTML. */
export type Sent = string | { body: string; type?: string; policy?: string }

/** Serves these pages by their paths, and `/` in place of any that it does not have. */
export async function startWebsite(pages: Record<string, Sent>): Promise<Website> {
  const site = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const sent = pages[pathname] ?? pages['/'] ?? ''
    const { body, type = 'text/html', policy } = typeof sent === 'string' ? { body: sent } : sent
    response.setHeader('content-type', `${type}; charset=utf-8`)
    if (policy !== undefined) response.setHeader('content-security-policy', policy)
    response.end(body)
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const { port } = site.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        site.close(() => resolve())
        site.closeAllConnections()
      }),
  }
}

/** The policy that docs/embedding.md asks for, on a page that forbids everything else. */
export function strictPolicy(server: string, more: string[] = []): string {
  return [
    "default-src 'none'",
    `script-src ${server}`,
    `connect-src ${server}`,
    `frame-src ${server}`,
    "require-trusted-types-for 'script'",
    ...more,
  ].join('; ')
}

/** The script tag, as docs/embedding.md gives it. */
export function scriptTag(server: string, attributes = ''): string {
  return `<script src="${server}/widget.js" data-inbox="demo" ${attributes} async></script>`
}

/** A page with the widget, under a policy that forbids all that is not listed, and as hostile to what it embeds as CSS can be. */
export function strictWebsite(server: string): Promise<Website> {
  const page = `<!doctype html><html lang="en"><title>A strict website</title>
    <link rel="stylesheet" href="/hostile.css">${scriptTag(server)}
    <h1>A strict website</h1><p style="height: 3000px">Text</p>`
  // What a page may do to all its elements, to an element by name, and to buttons and frames.
  const css = `body *, parley-chat * { transform: rotate(3deg) !important; visibility: hidden; max-width: 40px !important }
    html > :not(head, body), body > * { display: none !important }
    button, iframe, parley-chat { position: static !important; opacity: 0 !important }`
  return startWebsite({
    '/': { body: page, policy: strictPolicy(server, ["style-src 'self'"]) },
    '/hostile.css': { body: css, type: 'text/css' },
  })
}
