import type { Ids } from '#conversation/ids.ts'

/** Ends a timer or a subscription; calling it again does nothing. */
export type Cancel = () => void

/** The part of a WebSocket that the connection uses. */
export type SocketLike = Pick<
  WebSocket,
  'binaryType' | 'readyState' | 'onopen' | 'onmessage' | 'onclose' | 'onerror' | 'send' | 'close'
>
export type SocketConstructor = new (url: string, protocols?: string[]) => SocketLike

/** Everything that the device takes from the platform. Tests and the simulation hand in their own. */
export interface Environment extends Ids {
  /** Runs once after that many ms. */
  after(ms: number, run: () => void): Cancel
  WebSocket: SocketConstructor
  /** Null: keep nothing. y-indexeddb takes the platform's own, so this says whether, not which. */
  indexedDB: IDBFactory | null
  /** Null: the API is missing (an insecure origin), and each tab sends what it wrote itself. */
  locks: Pick<LockManager, 'request'> | null
  /** Null: tabs of the same principal do not hear of each other. */
  BroadcastChannel: (new (name: string) => BroadcastChannel) | null
  /** Asks the browser not to evict what is stored; null where it cannot be asked. */
  persist: (() => Promise<boolean>) | null
  /** Calls back when the network or the person may have come back; returns the end of it. */
  onWake(listener: () => void): Cancel
  /** Goes before every name on the origin, so that a test can run several browsers in one process. */
  profile: string
}

/** A fraction in [0, 1) from the environment's random source: for jitter. */
export function fraction({ random }: Pick<Environment, 'random'>): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(new Uint8Array(4))
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 2 ** 32
}

/** The platform's effects, with some of them replaced. */
export function createEnvironment(given: Partial<Environment> = {}): Environment {
  return { ...platform(), ...given }
}

function platform(): Environment {
  return {
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes.length)),
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    WebSocket: globalThis.WebSocket,
    indexedDB: indexedDatabases(),
    locks: globalThis.navigator?.locks ?? null,
    BroadcastChannel: globalThis.BroadcastChannel ?? null,
    persist: persistRequest(),
    onWake,
    profile: '',
  }
}

/** Some browsers throw on the mere look at it, when storage is blocked. */
function indexedDatabases(): IDBFactory | null {
  try {
    return globalThis.indexedDB ?? null
  } catch {
    return null
  }
}

function persistRequest(): Environment['persist'] {
  const storage = globalThis.navigator?.storage
  return typeof storage?.persist === 'function' ? () => storage.persist() : null
}

function onWake(listener: () => void): Cancel {
  if (typeof globalThis.addEventListener !== 'function') return () => {}
  const ending = new AbortController()
  const { signal } = ending
  // `offline` too: the connection then finds out at once whether it is true.
  for (const type of ['online', 'offline', 'pageshow']) globalThis.addEventListener(type, listener, { signal })
  globalThis.document?.addEventListener('visibilitychange', () => !document.hidden && listener(), { signal })
  return () => ending.abort()
}
