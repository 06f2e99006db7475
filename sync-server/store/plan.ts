import type { Room } from '#conversation/rooms.ts'
import type { Plan, PlanEffects, PlanState } from './plan-state.ts'
import { planUpdate, settle, startDraft, type Working } from './plan-update.ts'
import type { Append } from './port.ts'

/**
 * What an append does, decided without a database: an engine loads a `PlanState` under its lock, asks for the plan,
 * and writes it down. Every engine thus gives the same verdicts, stamps, summaries and jobs.
 */

/**
 * Decides a batch of updates, in order; later ones see what earlier ones do. An update that fails is refused alone,
 * whole. The state is left as it was.
 */
export function planAppend(state: PlanState, updates: readonly Append[], effects: PlanEffects): Plan {
  const working: Working = {
    run: state.run,
    conversations: new Map(state.conversations),
    ledgers: new Map(state.ledgers),
    clients: new Map(state.clients),
    entries: new Map(state.entries),
  }
  const plan: Plan = { results: [], entries: [], conversations: [], ledgers: [], jobs: [], version: state.version }
  const changed = new Map<string, Room>()
  for (const update of updates) {
    const draft = startDraft(working, update.room)
    const verdict = planUpdate(draft, update, effects)
    plan.results.push(verdict)
    if (verdict.status !== 'stored') continue
    settle(working, update.room, draft)
    plan.entries.push(...draft.planned)
    plan.jobs.push(...draft.jobs)
    changed.set(draft.room, update.room)
  }
  for (const [name, room] of changed) {
    const ledger = working.ledgers.get(name)
    const before = state.ledgers.get(name)
    if (ledger === undefined) continue
    const begins = before === undefined || before.epoch !== ledger.epoch
    plan.ledgers.push({ ...ledger, room, span: begins ? { epoch: ledger.epoch, from: before?.next ?? 0 } : null })
  }
  for (const id of new Set([...changed.values()].map((room) => room.conversation))) {
    const conversation = working.conversations.get(id)
    if (conversation !== undefined) plan.conversations.push({ ...conversation, version: ++plan.version })
  }
  return plan
}
