import type { AgentRow, InboxRow } from '#conversation/rows.ts'
import type { Selectable } from 'kysely'
import type { AccountStore, Agent, Inbox, StoredInbox } from '../port.ts'
import type { Sql } from './database.ts'
import type { Sync } from './promised.ts'
import { createReach, createReachChange } from './reach.ts'
import type { Tables } from './tables.ts'

type People = Pick<AccountStore, 'putAgent' | 'agent' | 'agentByEmail' | 'agents'>
type Channels = Pick<AccountStore, 'putInbox' | 'changeInbox' | 'inbox' | 'inboxes' | 'setMemberships' | 'reach'>

/** One address, whatever its case: `Ada@Example.com` and `ada@example.com` are one account. */
const emailKey = (email: string): string => email.trim().toLowerCase()

/** The team's people. */
export function createAgents(sql: Sql): Sync<People> {
  const { build } = sql
  const select = build.selectFrom('agents').selectAll()
  const reach = createReach(sql)
  const change = createReachChange(sql)
  const one = (row: Selectable<Tables['agents']> | undefined): Agent | null => (row === undefined ? null : agentOf(row))
  const byEmail = (email: string) => sql.first(select.where('email_key', '=', emailKey(email)))
  return {
    putAgent: (agent) =>
      sql.write(() => {
        const holder = byEmail(agent.email)
        if (holder !== undefined && holder.id !== agent.id) {
          throw new Error(`${agent.email} is the address of another agent (${holder.name}). Give each agent its own.`)
        }
        const before = sql.first(select.where('id', '=', agent.id))
        const row = { ...agentColumns(agent), version: sql.nextVersion() }
        sql.run(
          build
            .insertInto('agents')
            .values(row)
            .onConflict((on) => on.column('id').doUpdateSet(row)),
        )
        if (before !== undefined && before.role !== agent.role) {
          // Members keep what their memberships give; the rest comes or goes with the role.
          const { inboxes } = reach(agent.id)
          const others = sql
            .all(build.selectFrom('inboxes').select('id'))
            .flatMap(({ id }) => (inboxes.has(id) ? [] : [id]))
          change(agent.id, agent.role === 'admin' ? others : [], agent.role === 'admin' ? [] : others)
        }
        return agentRow(agent, row.version)
      }),
    agent: (id) => one(sql.first(select.where('id', '=', id))),
    agentByEmail: (email) => one(byEmail(email)),
    agents: () => sql.all(select.orderBy('name').orderBy('id')).map(agentOf),
  }
}

/** Inboxes, and who reaches them. */
export function createInboxes(sql: Sql): Sync<Channels> {
  const { build } = sql
  const select = build.selectFrom('inboxes').selectAll()
  const reach = createReach(sql)
  const change = createReachChange(sql)
  const put = (inbox: Inbox): InboxRow => {
    const row = { ...inboxColumns(inbox), version: sql.nextVersion() }
    sql.run(
      build
        .insertInto('inboxes')
        .values(row)
        .onConflict((on) => on.column('id').doUpdateSet(row)),
    )
    return { kind: 'inbox', id: inbox.id, version: row.version, name: inbox.name }
  }
  return {
    putInbox: (inbox) => sql.write(() => put(inbox)),
    changeInbox: (inbox, version) =>
      sql.write(() => (sql.first(select.where('id', '=', inbox.id))?.version === version ? put(inbox) : null)),
    inbox: (id) => {
      const row = sql.first(select.where('id', '=', id))
      return row === undefined ? null : inboxOf(row)
    },
    inboxes: () => sql.all(select.orderBy('name').orderBy('id')).map(inboxOf),
    setMemberships: (agent, inboxes) =>
      sql.write(() => {
        const before = reach(agent)
        const after = new Set(inboxes)
        const gained = after.difference(before.inboxes)
        const lost = before.inboxes.difference(after)
        for (const inbox of lost) {
          sql.run(build.deleteFrom('memberships').where('agent', '=', agent).where('inbox', '=', inbox))
        }
        for (const inbox of gained) sql.run(build.insertInto('memberships').values({ agent, inbox }))
        if (!before.admin) change(agent, gained, lost)
      }),
    reach,
  }
}

function agentColumns(agent: Agent): Omit<Tables['agents'], 'version'> {
  const { id, email, name, role, passwordHash, avatar, active } = agent
  return {
    id,
    email: email.trim(),
    email_key: emailKey(email),
    name,
    role,
    password_hash: passwordHash,
    avatar,
    active: active ? 1 : 0,
  }
}

function agentOf(row: Selectable<Tables['agents']>): Agent {
  const { id, email, name, role, password_hash: passwordHash, avatar, active } = row
  return { id, email, name, role, passwordHash, avatar, active: active === 1 }
}

function agentRow({ id, email, name, role, avatar, active }: Agent, version: number): AgentRow {
  return { kind: 'agent', id, version, name, email: email.trim(), role, avatar, active }
}

function inboxColumns(inbox: Inbox): Omit<Tables['inboxes'], 'version'> {
  const { id, name, origins, fromAddress, greeting, color, side, hours } = inbox
  return {
    id,
    name,
    origins: JSON.stringify(origins),
    from_address: fromAddress,
    greeting,
    color,
    side,
    hours: hours === null ? null : JSON.stringify(hours),
  }
}

function inboxOf(row: Selectable<Tables['inboxes']>): StoredInbox {
  const { id, version, name, origins, from_address: fromAddress, greeting, color, side, hours } = row
  return {
    id,
    version,
    name,
    origins: JSON.parse(origins),
    fromAddress,
    greeting,
    color,
    side,
    hours: hours === null ? null : JSON.parse(hours),
  }
}
