import { Hono } from 'hono'
import { ASK_FIRST, sendFile } from './files.ts'
import type { Env, HttpParts } from './parts.ts'

/** The sample website with the widget on it; in the demo alone. */
export function sitePages({ files }: HttpParts) {
  return (
    new Hono<Env>()
      // Relative addresses in its pages need the folder.
      .get('/demo', (c) => (files.site === null ? c.notFound() : c.redirect('/demo/')))
      .get('/demo/*', async (c) => {
        const path = c.req.path.slice('/demo/'.length)
        const file = (await files.site?.get(path === '' || path.endsWith('/') ? `${path}index.html` : path)) ?? null
        if (file === null) return c.notFound()
        // A website of somebody else's: it may do what websites do. Only the stage shows it in a frame.
        c.header('content-security-policy', "frame-ancestors 'self'")
        return sendFile(c, file, ASK_FIRST)
      })
  )
}
