import type { Agent, Inbox } from '#server/store/port.ts'

/** The inbox of the sample website. */
export const SAMPLE_INBOX: Inbox = {
  id: 'demo',
  name: 'Lumen & Oak',
  origins: ['http://localhost:*', 'http://127.0.0.1:*'],
  fromAddress: null,
  greeting: 'Hello. Ask us anything about lamps, orders or repairs.',
  color: '#0f6a68',
  side: 'right',
  hours: null,
}

/** Who is on the demo's stage: a visitor, and two of the agents. */
export const SEATS = ['visitor', 'ada', 'bo'] as const
export type Seat = (typeof SEATS)[number]

export type SampleAgentKey = 'ada' | 'bo' | 'cy'

/** The people one can sign in as in the demo; their ids are fixed, so that links to the demo stay good. */
export const SAMPLE_AGENTS: readonly { key: SampleAgentKey; agent: Agent }[] = [
  { key: 'ada', agent: sampleAgent('01HV0DEM0ADA00000000000001', 'ada', 'Ada Brandt', 'admin', 'violet') },
  { key: 'bo', agent: sampleAgent('01HV0DEM0B0000000000000002', 'bo', 'Bo Eriksen', 'agent', 'teal') },
  { key: 'cy', agent: sampleAgent('01HV0DEM0CY000000000000003', 'cy', 'Cy Moreau', 'agent', 'amber') },
]

function sampleAgent(id: string, key: SampleAgentKey, name: string, role: Agent['role'], avatar: string): Agent {
  return { id, email: `${key}@example.com`, name, role, passwordHash: null, avatar, active: true }
}
