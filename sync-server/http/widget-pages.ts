import { Hono } from 'hono'
import type { Context } from 'hono'
import { ASK_FIRST, FOREVER, sendFile, type StaticFile } from './files.ts'
import { pagePolicy } from './headers.ts'
import type { Env, HttpParts } from './parts.ts'

const NOT_BUILT = 'The widget is not built. Run `npm start`, or `npm run build` and start again.\n'

/** The widget as websites load it: the loader script, and the page that it shows in a frame. */
export function widgetPages({ files, store }: HttpParts) {
  const page = async (c: Context<Env>) => {
    const inbox = await store.inbox(c.req.query('inbox') ?? '')
    if (inbox === null) return c.text('There is no such inbox. Check the key in the script tag.\n', 404)
    const html = await files.widget.get('index.html')
    if (html === null) return c.text(NOT_BUILT, 503)
    c.header('content-security-policy', pagePolicy(html.body.toString(), inbox.origins))
    return sendForeign(c, html, ASK_FIRST)
  }
  return new Hono<Env>()
    .get('/widget.js', async (c) => {
      const loader = await files.widget.get('widget.js')
      if (loader === null) return c.text(NOT_BUILT, 503)
      c.header('access-control-allow-origin', '*')
      // Short: a website's visitors should get a new version soon after an upgrade.
      return sendForeign(c, loader, 'public, max-age=300')
    })
    .get('/widget', page)
    .get('/widget/', page)
    .get('/widget/*', async (c) => {
      const path = c.req.path.slice('/widget/'.length)
      const file = path === 'index.html' ? null : await files.widget.get(path)
      if (file === null) return c.text('Not found\n', 404)
      return sendForeign(c, file, path.startsWith('assets/') ? FOREVER : ASK_FIRST)
    })
}

/** Sends what pages of other origins may embed. */
function sendForeign(c: Context<Env>, file: StaticFile, cacheControl: string): Response {
  c.header('cross-origin-resource-policy', 'cross-origin')
  return sendFile(c, file, cacheControl)
}
