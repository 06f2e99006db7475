import { beforeEach, describe, expect, test } from 'vitest'
import { createKeptApp, type Build } from '../../../src/service-worker/kept-app.ts'

const ORIGIN = 'https://chat.example.com'
const OLD: Build = { version: 'one', hashed: ['/_app/immutable/start.1.js'], named: ['/early.js'] }
const NEW: Build = { version: 'two', hashed: ['/_app/immutable/start.2.js'], named: ['/early.js'] }

/** A browser's caches, as far as they are used: what is put under an address is found under it. */
function browserCaches(): CacheStorage {
  const all = new Map<string, Map<string, Response>>()
  const address = (asked: RequestInfo | URL) => new URL(asked instanceof Request ? asked.url : asked, ORIGIN).href
  const found = (held: Map<string, Response> | undefined, asked: RequestInfo | URL) =>
    held?.get(address(asked))?.clone()
  const cacheOf = (held: Map<string, Response>) => ({
    match: async (asked: RequestInfo | URL) => found(held, asked),
    put: async (asked: RequestInfo | URL, response: Response) => void held.set(address(asked), response),
    addAll: async (asked: RequestInfo[]) => {
      for (const each of asked) {
        const response = await serve(new Request(address(each)))
        if (!response.ok) throw new TypeError('not ok')
        held.set(address(each), response)
      }
    },
  })
  return {
    open: async (name: string) => {
      if (!all.has(name)) all.set(name, new Map())
      return cacheOf(all.get(name) as Map<string, Response>)
    },
    keys: async () => [...all.keys()],
    delete: async (name: string) => all.delete(name),
    match: async (asked: RequestInfo | URL) => [...all.values()].map((held) => found(held, asked)).find(Boolean),
  } as unknown as CacheStorage
}

/** What the server gives; null: there is no network. */
let server: Record<string, string> | null
let caches: CacheStorage
const asked: string[] = []

async function serve(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  asked.push(pathname)
  if (server === null) throw new TypeError('Failed to fetch')
  const words = server[pathname]
  return words === undefined ? new Response('', { status: 404 }) : new Response(words)
}

const upgrade = (build: Build) => {
  const files = [...build.hashed, ...build.named]
  server = Object.fromEntries(files.map((path) => [path, `${path} of ${build.version}`]))
  server['/inbox'] = `<link href="${build.hashed[0]}"> of ${build.version}`
}
const appOf = (build: Build) =>
  createKeptApp(build, { caches, fetch: (request) => serve(request as Request), origin: ORIGIN })

const page = (path: string) => ({ method: 'GET', mode: 'navigate', url: ORIGIN + path }) as Request
const file = (path: string, method = 'GET') => ({ method, mode: 'cors', url: new URL(path, ORIGIN).href }) as Request
const words = async (answer: Promise<Response> | null) => (await answer)?.text()

beforeEach(() => {
  caches = browserCaches()
  upgrade(OLD)
})

describe('the app that is kept', () => {
  test('answers every address of its own with its page, without a network', async () => {
    const app = appOf(OLD)
    await app.keep()
    server = null
    asked.length = 0
    for (const path of ['/', '/inbox', '/inbox/01HV?view=mine', '/settings/demo/hours', '/sign-in?to=/inbox']) {
      expect(await words(app.answer(page(path))), path).toContain('of one')
    }
    expect(await words(app.answer(file('/early.js')))).toBe('/early.js of one')
    expect(await words(app.answer(file('/_app/immutable/start.1.js')))).toBe('/_app/immutable/start.1.js of one')
    expect(asked).toEqual([])
  })

  test('leaves everything else to the network', async () => {
    const app = appOf(OLD)
    await app.keep()
    for (const path of [
      '/demo',
      '/demo/stage',
      '/widget',
      '/mail',
      '/setup?token=x',
      '/inboxes',
      '/metrics',
      '/sync',
    ]) {
      expect(app.answer(page(path)), path).toBeNull()
    }
    for (const path of ['/api/session', '/widget.js', '/demo/seat/ada/api/session', 'https://example.com/early.js']) {
      expect(app.answer(file(path)), path).toBeNull()
    }
    expect(app.answer(file('/early.js', 'POST'))).toBeNull()
  })

  test('is kept as a whole or not at all', async () => {
    delete server?.['/early.js']
    await expect(appOf(OLD).keep()).rejects.toThrow()
    expect(await caches.keys()).toEqual([])
    server = null
    await expect(appOf(OLD).keep()).rejects.toThrow()
    expect(await caches.keys()).toEqual([])
  })

  test('is not kept if the server has gone on to another version meanwhile', async () => {
    upgrade(NEW)
    await expect(appOf(OLD).keep()).rejects.toThrow(/start\.2\.js/)
    expect(await caches.keys()).toEqual([])
  })

  test('stays as it is until the next one is whole, and leaves its files to tabs that are still open', async () => {
    const [before, after] = [appOf(OLD), appOf(NEW)]
    await before.keep()
    upgrade(NEW)
    await after.keep()
    expect(await words(before.answer(page('/inbox')))).toContain('of one')
    await after.tidy()
    expect(await words(after.answer(page('/inbox')))).toContain('of two')
    expect(await words(after.answer(file('/early.js')))).toBe('/early.js of two')
    expect(await words(after.answer(file('/_app/immutable/start.1.js')))).toBe('/_app/immutable/start.1.js of one')
    const third = { ...NEW, version: 'three' }
    await appOf(third).keep()
    await appOf(third).tidy()
    expect(await caches.keys()).toEqual(['parley-app/two', 'parley-app/three'])
  })

  test('asks the network for what the browser has let go of', async () => {
    const app = appOf(OLD)
    await app.keep()
    await caches.delete('parley-app/one')
    expect(await words(app.answer(page('/inbox')))).toContain('of one')
  })
})
