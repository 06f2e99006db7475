import { Hono } from 'hono'
import { accessLog } from './access-log.ts'
import { createAnswerTimes } from './answer-times.ts'
import { appPages } from './app-pages.ts'
import { ApiError, answerError } from './errors.ts'
import { erasureApi } from './erasure-api.ts'
import { boundedBody, ownHost, ownOrigin, uncached } from './guards.ts'
import { securityHeaders } from './headers.ts'
import { health } from './health.ts'
import { inboxSettingsApi } from './inbox-settings-api.ts'
import { mailApi, mailPages } from './mail-pages.ts'
import type { Env, HttpParts } from './parts.ts'
import { sessionApi } from './session-api.ts'
import { sitePages } from './site-pages.ts'
import { seatCookies, STAGE, stageApi, stagePage } from './stage.ts'
import { widgetApi } from './widget-api.ts'
import { widgetPages } from './widget-pages.ts'
import { workspaceApi } from './workspace-api.ts'

/** The API's type, for Hono's typed client: `hc<Api>('/')`. */
export type Api = ReturnType<typeof createApi>

function createApi(parts: HttpParts) {
  const answerTimes = createAnswerTimes(parts)
  const agents = new Hono<Env>()
    .use(ownOrigin(parts.origins, parts.accounts))
    .route('/', workspaceApi(parts))
    .route('/', sessionApi(parts))
    .route('/', mailApi(parts))
    .route('/', erasureApi(parts))
    .route('/', inboxSettingsApi(parts, answerTimes))
    .route('/', stageApi(parts))
  return (
    new Hono<Env>()
      .basePath('/api')
      .use(uncached(), boundedBody())
      // Before the agents' guard: the widget's calls come from other websites, and carry no cookie.
      .route('/', widgetApi(parts, answerTimes))
      .route('/', agents)
      .all('*', () => {
        throw new ApiError('not-found', 'There is no such call.')
      })
  )
}

/** Everything that is answered over HTTP. What is not the API's or a page's of the server belongs to the inbox app. */
export function createApp(parts: HttpParts) {
  return new Hono<Env>()
    .onError((error, c) => answerError(error, c, parts.log))
    .notFound((c) => c.text('Not found\n', 404))
    .use(accessLog(parts.log, parts.now), securityHeaders(parts.config.origin?.startsWith('https:') === true))
    .use(ownHost(parts.origins), seatCookies(parts))
    .route('/', health(parts))
    .route('/', createApi(parts))
    .route('/', widgetPages(parts))
    .route('/', stagePage(parts))
    .route('/', sitePages(parts))
    .route('/', mailPages(parts))
    .all('/demo/*', (c) => c.notFound())
    .all('/mail/*', (c) => c.notFound())
    .route('/', appPages(parts))
}

/** First segments of the paths that this server answers itself; in development Vite gets all others. */
const OWN = new Set(['api', 'demo', 'healthz', 'mail', 'metrics', 'readyz', 'widget', 'widget.js'])

/** Whether a request path is answered by this server, and not by the inbox app's own files. */
export function isServerPath(url: string): boolean {
  const path = url.split('?', 1)[0] ?? ''
  // The stage is a page of the app; the sample website that it shows is not.
  if (path === STAGE) return false
  return path === '/' || OWN.has(path.split('/')[1] ?? '')
}
