import type { Principal } from '#conversation/ids.ts'
import { personOf, visitorName, type Person } from '#conversation/names.ts'
import type { AgentRow } from '#conversation/rows.ts'

/** The people of the gallery. */

export const ME: Principal = 'agent:01HV0DEM0ADA00000000000001'
export const BO: Principal = 'agent:01HV0DEM0B0000000000000002'
export const CY: Principal = 'agent:01HV0DEM0CY000000000000003'
export const VISITOR: Principal = 'visitor:01HV0DEM0V1S1T0R0000004F2K'

function agent(principal: Principal, name: string, avatar: string): AgentRow {
  const id = principal.slice('agent:'.length)
  const email = `${name.slice(0, 3).trim().toLowerCase()}@example.com`
  return { kind: 'agent', id, version: 1, name, email, role: 'agent', avatar, active: true }
}

export const TEAM: AgentRow[] = [
  agent(ME, 'Ada Brandt', 'violet'),
  agent(BO, 'Bo Eriksen', 'teal'),
  agent(CY, 'Cy Moreau', 'amber'),
]
export const AGENTS: ReadonlyMap<string, AgentRow> = new Map(TEAM.map((row) => [row.id, row]))

/** Who somebody is, as I see them. */
export function person(
  principal: Principal,
  visitor = visitorName(VISITOR, { name: 'Marcus Hill', email: null }),
): Person {
  return personOf(principal, { me: ME, agents: AGENTS, visitor, unnamed: { agent: 'A former colleague', bot: 'Bot' } })
}
