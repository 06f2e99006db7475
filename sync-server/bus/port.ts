import type { Principal } from '#conversation/ids.ts'
import type { FeedRow } from '#conversation/rows.ts'

/** What is told around inside the server after it has been committed. */
export type BusMessage =
  /** Rows changed. With `only`, they are that principal's own (read markers). */
  | { type: 'rows'; rows: FeedRow[]; only?: Principal }
  /** A document (the room's name) has a new epoch: its copies are to be given up. */
  | { type: 'reset'; room: string }
  /** These sessions of an agent have ended (all of them if `session` is absent): their sockets close with 4401. */
  | { type: 'signed-out'; agent: string; session?: string }
  /** What an agent may reach has changed: sockets check again. */
  | { type: 'access-changed'; agent: string }

/** Carries committed news; in-process by default. Listeners must not throw. */
export interface Bus {
  publish(message: BusMessage): void
  /** Returns the function that ends the subscription. */
  subscribe(listener: (message: BusMessage) => void): () => void
}
