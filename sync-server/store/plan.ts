import { roomName, type Room } from '#conversation/rooms.ts'
import type { Plan, PlanEffects, PlanState } from './plan-state.ts'
import { planUpdate } from './plan-update.ts'
import type { Append } from './port.ts'
import { startLedger, type WorkingConversation, type WorkingLedger } from './working.ts'

/**
 * What an append does, decided without a database: an engine loads a `PlanState` under its lock, asks for the plan,
 * and writes it down. Every engine thus gives the same verdicts, stamps, summaries and jobs.
 */

/**
 * Decides a batch of updates, in order; later ones see what earlier ones do. An update that fails is refused alone,
 * whole. The state is left as it was.
 */
export function planAppend(state: PlanState, updates: readonly Append[], effects: PlanEffects): Plan {
  const batch = new Batch(state)
  const plan: Plan = { results: [], entries: [], conversations: [], ledgers: [], jobs: [], version: state.version }
  const changed = new Set<WorkingLedger>()
  for (const update of updates) {
    const ledger = batch.ledger(update.room)
    const { result, entries, jobs } = planUpdate(ledger, update, effects)
    plan.results.push(result)
    if (entries.length === 0) continue
    plan.entries.push(...entries)
    plan.jobs.push(...jobs)
    changed.add(ledger)
  }
  const conversations = new Set<WorkingConversation>()
  for (const { name, room, epoch, next, under, conversation } of changed) {
    conversations.add(conversation)
    const span = under?.epoch === epoch ? null : { epoch, from: under?.next ?? 0 }
    plan.ledgers.push({ name, room, epoch, next, isNew: under === undefined, span })
  }
  for (const { id, state: after } of conversations) {
    if (after === null) continue
    plan.conversations.push({ ...after, version: ++plan.version, isNew: !state.conversations.has(id) })
  }
  return plan
}

/** The documents that a batch is about, each with all that the batch has done to it so far. */
class Batch {
  readonly #state: PlanState
  readonly #conversations = new Map<string, WorkingConversation>()
  readonly #ledgers = new Map<string, WorkingLedger>()

  constructor(state: PlanState) {
    this.#state = state
  }

  ledger(room: Room): WorkingLedger {
    const name = roomName(room)
    let ledger = this.#ledgers.get(name)
    if (ledger === undefined) {
      const { ledgers, run } = this.#state
      ledger = startLedger({ name, room, under: ledgers.get(name), run, conversation: this.#conversation(room) })
      this.#ledgers.set(name, ledger)
    }
    return ledger
  }

  #conversation({ conversation: id }: Room): WorkingConversation {
    let conversation = this.#conversations.get(id)
    if (conversation === undefined) {
      conversation = { id, state: this.#state.conversations.get(id) ?? null }
      this.#conversations.set(id, conversation)
    }
    return conversation
  }
}
