import { build, files, version } from '$service-worker'
import { createKeptApp } from './kept-app.ts'

// The service worker only wires: what is kept, and what is answered with it, is kept-app.ts's.
const worker = globalThis as unknown as ServiceWorkerGlobalScope

const app = createKeptApp(
  { version, hashed: build, named: files },
  { caches: worker.caches, fetch: worker.fetch.bind(worker), origin: worker.location.origin },
)

worker.addEventListener('install', (event) => event.waitUntil(app.keep()))

// The first one takes the page that is open: what it loads later is there without a network, too. A later one gets
// here only when nobody uses the one before any more, or when somebody asked for it.
worker.addEventListener('activate', (event) => event.waitUntil(app.tidy().then(() => worker.clients.claim())))

worker.addEventListener('fetch', (event) => {
  const answer = app.answer(event.request)
  if (answer !== null) event.respondWith(answer)
})

worker.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void worker.skipWaiting()
})
