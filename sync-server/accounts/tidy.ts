import type { Accounts } from './accounts.ts'
import type { Logger } from 'pino'

const EVERY = 60 * 60_000

/** Forgets ended sessions now and each hour, until the signal is aborted. */
export function keepTidy(accounts: Accounts, log: Logger, signal: AbortSignal): void {
  const tidy = () => {
    accounts.tidy().catch((error: unknown) => log.warn({ err: error }, 'ended sessions could not be removed'))
  }
  tidy()
  const timer = setInterval(tidy, EVERY)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}
