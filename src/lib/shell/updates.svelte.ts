/** How often an app that stays open asks for a new version, in ms. */
const EVERY = 60 * 60_000

/**
 * New versions of the app. One is fetched as a whole while the old one runs, and takes its place when somebody asks for
 * that, or when the app is opened the next time: nothing is loaded anew under somebody's hands.
 */
export class Updates {
  readonly #workers: ServiceWorkerContainer
  readonly #reload: () => void
  #next = $state.raw<ServiceWorker | null>(null)
  #registration: ServiceWorkerRegistration | null = null
  #asked = 0

  /** @param reload loads the page anew, once the new version is in charge */
  constructor(workers: ServiceWorkerContainer, reload: () => void) {
    this.#workers = workers
    this.#reload = reload
  }

  /** Whether a newer version is there than the one that runs here. */
  get ready(): boolean {
    return this.#next !== null
  }

  /** Keeps the app on this device, and looks for new versions until the returned function is called. */
  start(): () => void {
    const over = new AbortController()
    const look = () => void this.#look()
    void this.#register(over.signal)
    const timer = setInterval(look, EVERY)
    addEventListener('online', look, over)
    document.addEventListener('visibilitychange', look, over)
    return () => {
      over.abort()
      clearInterval(timer)
    }
  }

  /** Puts the new version in charge of all tabs, and loads this one anew. The others go on as they are. */
  take(): void {
    // Another tab may have put it in charge already.
    if (this.#next?.state !== 'installed') return this.#reload()
    this.#workers.addEventListener('controllerchange', () => this.#reload(), { once: true })
    this.#next.postMessage('take-over')
  }

  async #register(signal: AbortSignal): Promise<void> {
    try {
      const registration = await this.#workers.register('/service-worker.js')
      if (signal.aborted) return
      this.#registration = registration
      this.#asked = Date.now()
      if (registration.waiting !== null) this.#note(registration.waiting)
      registration.addEventListener('updatefound', () => this.#follow(registration.installing), { signal })
    } catch {
      // Switched off, or not to be had: the app works with a network, as any website.
    }
  }

  #follow(coming: ServiceWorker | null): void {
    coming?.addEventListener('statechange', () => {
      if (coming.state === 'installed') this.#note(coming)
      // It could not be kept, or the one after it came first.
      else if (coming.state === 'redundant' && this.#next === coming) this.#next = null
    })
  }

  /** The first version of all waits for nobody, and takes no one's place. */
  #note(worker: ServiceWorker): void {
    if (this.#workers.controller !== null) this.#next = worker
  }

  async #look(): Promise<void> {
    if (document.hidden || !navigator.onLine || Date.now() - this.#asked < EVERY / 4) return
    this.#asked = Date.now()
    await this.#registration?.update().catch(() => {})
  }
}
