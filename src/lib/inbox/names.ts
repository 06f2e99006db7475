import type { Principal } from '#conversation/ids.ts'
import { personOf, visitorName, type Person } from '#conversation/names.ts'
import type { AgentRow } from '#conversation/rows.ts'
import { m } from '#texts'

/** What a visitor is called, in the language of the agent who looks. */
export function nameOfVisitor(visitor: Principal, known: { name: string | null; email: string | null }): string {
  return visitorName(visitor, known, (code) => m.person_visitor({ code }))
}

/** Who a principal is, in the language of the agent who looks. */
export function personSeen(
  principal: Principal,
  seenBy: { me: Principal; agents: ReadonlyMap<string, AgentRow>; visitor: string },
): Person {
  return personOf(principal, { ...seenBy, unnamed: { agent: m.person_former(), bot: m.person_bot() } })
}
