import { CommandError } from '#conversation/commands.ts'
import type { OpenConversation, Writers } from '#sync/port.ts'
import type { Browser, Tab } from './browser.ts'
import type { World } from './world.ts'

/** What people do at their screens, as the steps use it. */

export type Count = (what: string, times?: number) => void

/** A conversation on a tab's screen. */
export interface At {
  tab: Tab
  talk: OpenConversation
}

/** The conversations that the server knows this visitor for. */
export async function startedBy(world: World, { principal }: Pick<Browser, 'principal'>): Promise<string[]> {
  return (await world.store.conversationsOf(principal)).map(({ id }) => id)
}

/** Some agent at some conversation of the list. */
export function agentTalk(world: World): At | null {
  const tab = world.random.pick(world.random.pick(world.agents)?.tabs ?? [])
  const id = world.random.pick(tab?.device.inbox.conversations ?? [])?.id
  return tab === undefined || id === undefined ? null : { tab, talk: tab.look(id) }
}

export function visitorTalk(world: World): At | null {
  const tab = world.random.pick(world.random.pick(world.visitors)?.tabs ?? [])
  const talk = world.random.pick([...(tab?.open.values() ?? [])])
  return tab === undefined || talk === undefined ? null : { tab, talk }
}

/**
 * Writes as a person would: what the app would not let them do counts as not done.
 *
 * @param names the message that the entry changes
 */
export async function attempt(
  world: World,
  { tab, talk }: At,
  write: (writers: Writers) => Promise<string>,
  count: Count,
  what: string,
  names?: string,
): Promise<void> {
  try {
    shown(world, { tab, talk }, await tab.life.run(() => write(talk.write)), names)
    count(what)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    count('not allowed')
  }
}

/** The screen shows an entry to its author: from here on it must not be lost. */
export function shown({ book }: World, { tab, talk }: At, id: string, names?: string): void {
  book.written.set(id, { by: tab.device.principal, conversation: talk.id, ...(names !== undefined && { names }) })
  tab.wrote.add(id)
}
