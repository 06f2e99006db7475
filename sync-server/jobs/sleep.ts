import { setTimeout as wait } from 'node:timers/promises'

/** Waits so many ms, or until the signal fires; never rejects. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

/** Sleeps on the platform's timer, which does not keep the process alive by itself. */
export const sleep: Sleep = (ms, signal) => wait(ms, undefined, { signal, ref: false }).catch(() => undefined)
