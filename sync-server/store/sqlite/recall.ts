import type { ClientState, ConversationState, Plan } from '../plan-state.ts'
import type { Sql } from './database.ts'

/** How many ledgers, and clients of one, are kept in mind. */
const MAX_LEDGERS = 4096
const MAX_CLIENTS = 256

/** A ledger document's row, and those of its Yjs clients that have been asked for. */
export interface KnownLedger {
  id: number
  epoch: number
  next: number
  clients: Map<number, ClientState>
}

/**
 * What this connection last read and wrote of the conversations that go on: to read it anew for each flush costs more
 * than to store the entries. It holds until another connection writes; whoever writes here beside `append` forgets it.
 */
export class Recall {
  readonly conversations = new Map<string, ConversationState>()
  /** By room name. */
  readonly ledgers = new Map<string, KnownLedger>()
  #version: number | null = null

  /** To be called within each transaction that uses it. */
  check(sql: Sql): void {
    const version = sql.dataVersion()
    if (version !== this.#version || this.ledgers.size > MAX_LEDGERS) this.forget()
    this.#version = version
  }

  forget(): void {
    this.conversations.clear()
    this.ledgers.clear()
  }

  /** A plan was written, with these ids of ledgers, and committed. */
  keep(plan: Plan, ids: ReadonlyMap<string, number>): void {
    for (const { summary, lastAt, erased } of plan.conversations) {
      this.conversations.set(summary.id, { summary, lastAt, erased })
    }
    for (const { name, epoch, next } of plan.ledgers) {
      const known = this.ledgers.get(name)
      const id = known?.id ?? ids.get(name)
      if (id === undefined) continue
      const clients = known === undefined || known.clients.size > MAX_CLIENTS ? new Map() : known.clients
      this.ledgers.set(name, { id, epoch, next, clients })
    }
    for (const { room, row } of plan.entries) {
      this.ledgers.get(room)?.clients.set(row.client, { clock: row.clock + 1, principal: row.by })
    }
  }
}
