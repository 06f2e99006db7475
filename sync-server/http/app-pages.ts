import { Hono, type Context } from 'hono'
import { ASK_FIRST, FOREVER, sendFile, type Files } from './files.ts'
import { pagePolicy } from './headers.ts'
import type { Env, HttpParts } from './parts.ts'

/** The page that starts the app, by the names that adapter-static may give it. */
const SHELLS = ['200.html', 'index.html']

const NOT_BUILT = 'The app is not built. Run `npm start`, or `npm run build` and start again.\n'

/** The inbox app: its files, and its one page for every route of its own. */
export function appPages({ config, files }: HttpParts) {
  const app = files.app
  return new Hono<Env>()
    .get('/', (c) => c.redirect('/inbox'))
    .get('*', async (c) => {
      if (app === null) return c.text(NOT_BUILT, 503)
      const path = c.req.path.slice(1)
      const file = SHELLS.includes(path) ? null : await app.get(path)
      // What it may fetch is said where it comes from, and not by the pages that it answers for.
      if (path === 'service-worker.js') c.header('content-security-policy', "default-src 'none'; connect-src 'self'")
      if (file !== null) return sendFile(c, file, path.startsWith('_app/immutable/') ? FOREVER : ASK_FIRST)
      // A name with a dot was a file: a page in its place would be taken for a broken script.
      if (path.split('/').at(-1)?.includes('.') === true) return c.text('Not found\n', 404)
      return sendShell(c, app, config.demo)
    })
}

/** Answers with the app's one page. @param framed whether the demo's stage may show it in a frame; nobody else ever may */
export async function sendShell(c: Context<Env>, app: Files, framed: boolean): Promise<Response> {
  const shell = (await app.get('200.html')) ?? (await app.get('index.html'))
  if (shell === null) return c.text(NOT_BUILT, 503)
  c.header('content-security-policy', pagePolicy(shell.body.toString(), framed ? ["'self'"] : []))
  return sendFile(c, shell, ASK_FIRST)
}
