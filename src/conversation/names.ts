import { idOf, roleOf, type Principal, type Role } from './ids.ts'
import type { AgentRow } from './rows.ts'

/** What people are called, wherever they are shown: list, thread, contact, transcript. */

/** Somebody as a screen shows them. */
export interface Person {
  principal: Principal
  role: Role
  name: string
  /** The word that a list or a sentence has room for. */
  firstName: string
  /** A colour name of the design (ui/avatar), or null. */
  avatar: string | null
  /** Whether it is who looks at the screen. */
  own: boolean
}

/**
 * What a visitor is known by: the name they gave, else the address, else `Visitor 4F2K` from the end of their id.
 *
 * @param unnamed says the last in another language
 */
export function visitorName(
  visitor: Principal,
  known: { name: string | null; email: string | null },
  unnamed = (code: string) => `Visitor ${code}`,
): string {
  return known.name ?? known.email ?? unnamed(idOf(visitor).slice(-4))
}

/**
 * Who a principal is, for an agent's screen.
 *
 * @param seenBy `visitor` is what the conversation's visitor is called (visitorName); `unnamed` is what somebody is
 *   called who has no name here: an agent whose account is gone, a bot
 */
export function personOf(
  principal: Principal,
  seenBy: {
    me: Principal
    agents: ReadonlyMap<string, AgentRow>
    visitor: string
    unnamed: { agent: string; bot: string }
  },
): Person {
  const role = roleOf(principal)
  const agent = role === 'agent' ? seenBy.agents.get(idOf(principal)) : undefined
  const { visitor, unnamed } = seenBy
  const name = { agent: agent?.name ?? unnamed.agent, visitor, bot: unnamed.bot, system: 'Parley' }[role]
  const firstName = agent === undefined ? name : (name.split(/\s+/)[0] ?? name)
  return { principal, role, name, firstName, avatar: agent?.avatar ?? null, own: principal === seenBy.me }
}
