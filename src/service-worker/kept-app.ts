/**
 * The app as the browser keeps it, so that it starts without a network and at once with one: its one page, and every
 * file that the page may ask for. One version is kept as a whole, and stays until the next one is there as a whole.
 */

/** What a version of the app is made of. */
export interface Build {
  version: string
  /** Paths whose name holds a hash of what is in them. */
  hashed: readonly string[]
  /** Paths that keep their name from version to version. */
  named: readonly string[]
}

export interface KeptApp {
  /** Fetches and keeps everything. Rejects if the server gives something else than this version: nothing is kept then. */
  keep(): Promise<void>
  /** Lets go of older versions; of the one before, tabs that are still open may ask for something. */
  tidy(): Promise<void>
  /** The answer to a request; null: it is none of ours, and goes to the network. */
  answer(request: Request): Promise<Response> | null
}

const PREFIX = 'parley-app/'
/** Any address of the app's has the same page. */
const PAGE = '/inbox'
/** The app's own routes; all else at this origin is the server's (its API, the widget, the demo's website, mail). */
const ROUTES = /^\/(?:$|(?:inbox|settings|sign-in)(?:\/|$))/
const HASHED = /\/_app\/immutable\/[^"'\s)>]+/g

export function createKeptApp(
  { version, hashed, named }: Build,
  { caches, fetch, origin }: { caches: CacheStorage; fetch: typeof globalThis.fetch; origin: string },
): KeptApp {
  const name = PREFIX + version
  const files = new Set([...hashed, ...named])

  async function keep(): Promise<void> {
    const page = await fetch(new Request(new URL(PAGE, origin), { cache: 'no-cache', credentials: 'omit' }))
    if (!page.ok || page.redirected) throw new Error(`The app's page was not given (${page.status}).`)
    const missing = (await page.clone().text()).match(HASHED)?.find((path) => !files.has(path))
    // Between this script and the page the server was upgraded: the next version brings a script of its own.
    if (missing !== undefined) throw new Error(`The app's page is of another version: it asks for ${missing}.`)
    const cache = await caches.open(name)
    await cache.addAll([...hashed, ...named.map((path) => new Request(new URL(path, origin), { cache: 'no-cache' }))])
    // Last: where there is a page, there is all that it asks for.
    await cache.put(PAGE, page)
  }

  async function tidy(): Promise<void> {
    const others = (await caches.keys()).filter((each) => each.startsWith(PREFIX) && each !== name)
    // In the order in which they were made.
    await Promise.all(others.slice(0, -1).map((each) => caches.delete(each)))
  }

  async function kept(path: string, request: Request): Promise<Response> {
    const found = await (await caches.open(name)).match(path)
    // The browser may have let go of it.
    return found ?? (await fetch(request))
  }

  async function keptByAny(request: Request): Promise<Response> {
    return (await caches.match(request.url)) ?? (await fetch(request))
  }

  return {
    keep: () =>
      keep().catch(async (error: unknown) => {
        await caches.delete(name)
        throw error
      }),
    tidy,
    answer(request) {
      const { origin: asked, pathname } = new URL(request.url)
      if (request.method !== 'GET' || asked !== origin) return null
      if (request.mode === 'navigate') return ROUTES.test(pathname) ? kept(PAGE, request) : null
      if (files.has(pathname)) return kept(pathname, request)
      // A tab of the version before.
      return pathname.startsWith('/_app/immutable/') ? keptByAny(request) : null
    },
  }
}
