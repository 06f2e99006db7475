import type { Room } from '#conversation/rooms.ts'
import type { ClientState, ConversationState, LedgerState } from './plan-state.ts'
import type { StoredEntry } from './port.ts'

/** The state of a plan while it is made: what was loaded, and over it what the batch adds. */

/** Shared by its two ledgers. */
export interface WorkingConversation {
  id: string
  /** Null while it does not exist. */
  state: ConversationState | null
}

export interface WorkingLedger {
  readonly name: string
  readonly room: Room
  readonly conversation: WorkingConversation
  /** As it was loaded. */
  readonly under: LedgerState | undefined
  readonly epoch: number
  next: number
  /** What the batch has added. */
  readonly clients: Map<number, ClientState>
  readonly entries: Map<string, StoredEntry>
}

/** A ledger before the batch. */
export function startLedger(
  at: Pick<WorkingLedger, 'name' | 'room' | 'conversation' | 'under'> & { run: number },
): WorkingLedger {
  const { run, ...rest } = at
  return {
    ...rest,
    // An epoch of an earlier run is over. One that is later than this run's beginning is an erasure's, and goes on.
    epoch: Math.max(at.under?.epoch ?? 0, run),
    next: at.under?.next ?? 0,
    clients: new Map(),
    entries: new Map(),
  }
}

export function clientOf({ clients, under }: WorkingLedger, client: number): ClientState | undefined {
  return clients.get(client) ?? under?.clients.get(client)
}

export function entryOf({ entries, under }: WorkingLedger, id: string): StoredEntry | undefined {
  return entries.get(id) ?? under?.entries.get(id)
}

/** Adds a row, and gives what takes it away again. Undo in the opposite order. */
export function add(ledger: WorkingLedger, row: StoredEntry, conversation: ConversationState): () => void {
  const { client, clock, by, id, seq } = row
  const before = { client: ledger.clients.get(client), state: ledger.conversation.state }
  ledger.next = seq + 1
  ledger.clients.set(client, { clock: clock + 1, principal: by })
  ledger.entries.set(id, row)
  ledger.conversation.state = conversation
  return () => {
    ledger.next = seq
    if (before.client === undefined) ledger.clients.delete(client)
    else ledger.clients.set(client, before.client)
    ledger.entries.delete(id)
    ledger.conversation.state = before.state
  }
}
