import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A website of somebody else's, as strict and as hostile to what it embeds as websites can be. */
export interface Website {
  origin: string
  close(): Promise<void>
}

/** Serves one page, with the widget of `server`, under a policy that forbids all that is not listed. */
export async function strictWebsite(server: string): Promise<Website> {
  const policy = [
    "default-src 'none'",
    `script-src ${server}`,
    `connect-src ${server}`,
    `frame-src ${server}`,
    "style-src 'self'",
    "require-trusted-types-for 'script'",
  ].join('; ')
  const page = `<!doctype html><html lang="en"><title>A strict website</title>
    <link rel="stylesheet" href="/hostile.css"><script src="${server}/widget.js" data-inbox="demo" async></script>
    <h1>A strict website</h1><p style="height: 3000px">Text</p>`
  // What a page may do to all its elements, to an element by name, and to buttons and frames.
  const css = `body * { transform: rotate(3deg) !important; visibility: hidden; max-width: 40px !important }
    body > * { display: none !important } button, iframe, parley-chat { position: static !important; opacity: 0 !important }`
  const site = createServer((request, response) => {
    const style = request.url === '/hostile.css'
    response.setHeader('content-type', style ? 'text/css' : 'text/html')
    if (!style) response.setHeader('content-security-policy', policy)
    response.end(style ? css : page)
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
