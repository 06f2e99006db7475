import type { Stamp } from '#conversation/summary.ts'
import type { Cancel, Environment } from '#sync/environment.ts'

/** What tabs of one principal tell each other. What they share is on the disk; this says only to look there. */
export type TabMessage =
  /** The outbox on the disk has changed. */
  | { is: 'outbox' }
  /** These rows have left the outbox, since they are stamped. */
  | { is: 'stamped'; rows: { id: string; stamp: Stamp }[] }
  /** A room's document was given up for this generation. */
  | { is: 'generation'; room: string; generation: number }

export interface Tabs {
  tell(message: TabMessage): void
  onMessage(listener: (message: TabMessage) => void): Cancel
  close(): void
}

/** The line between the tabs of one principal; silent where the browser has none, or the tabs share no disk. */
export function createTabs(name: string, environment: Pick<Environment, 'BroadcastChannel'>): Tabs {
  const Channel = environment.BroadcastChannel
  if (Channel === null) return { tell() {}, onMessage: () => () => {}, close() {} }
  const channel = new Channel(name)
  return {
    tell: (message) => channel.postMessage(message),
    onMessage(listener) {
      const receive = (event: MessageEvent<TabMessage>) => listener(event.data)
      channel.addEventListener('message', receive)
      return () => channel.removeEventListener('message', receive)
    },
    close: () => channel.close(),
  }
}

/** The right to append, which one tab of a principal holds at a time. */
export interface SendingLock {
  /** Nobody can hand it out here: several tabs may hold it at once. */
  readonly unguarded: boolean
  /** Gives it up, or stops waiting for it. */
  close(): void
}

/** Waits for the lock until it is there or closed. @param taken called once, when this tab has it */
export function takeLock(name: string, locks: Environment['locks'], taken: () => void): SendingLock {
  const ending = new AbortController()
  const { signal } = ending
  const close = () => ending.abort()
  if (locks === null) {
    queueMicrotask(() => signal.aborted || taken())
    return { unguarded: true, close }
  }
  const hold = async () => {
    if (signal.aborted) return
    taken()
    await new Promise((release) => signal.addEventListener('abort', release, { once: true }))
  }
  // Rejects if it is closed while it waits.
  locks.request(name, { signal }, hold).catch(() => {})
  return { unguarded: false, close }
}
