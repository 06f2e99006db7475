import { CommandError } from '#conversation/commands.ts'
import type { OpenConversation } from '#sync/port.ts'
import { body } from '../support/conversations.ts'
import type { Browser, Tab } from './browser.ts'
import { attack } from './hostile.ts'
import type { World } from './world.ts'

/** What people and the world do, a step at a time; each counts what it did, so that a run can prove it was not idle. */

/** Stands in every comment: it must never be on a visitor's wire. */
export const SECRET = 'FOR-AGENTS-ONLY'

export type Counts = Record<string, number>

interface Step {
  weight: number
  run(world: World, count: (what: string) => void): Promise<void> | void
}

export const STEPS: Step[] = [
  { weight: 8, run: visitorWrites },
  { weight: 8, run: agentReplies },
  { weight: 3, run: agentComments },
  { weight: 3, run: agentAssigns },
  { weight: 4, run: somebodyCloses },
  { weight: 3, run: somebodyChanges },
  { weight: 2, run: visitorIdentifies },
  { weight: 3, run: cutLink },
  { weight: 4, run: mendLink },
  { weight: 2, run: breakLink },
  { weight: 2, run: tabCloses },
  { weight: 3, run: tabOpens },
  { weight: 1, run: relayRestarts },
  { weight: 5, run: somebodyAttacks },
]

async function visitorWrites(world: World, count: (what: string) => void): Promise<void> {
  const browser = world.random.pick(world.visitors)
  const tab = world.random.pick(browser?.tabs ?? [])
  if (browser === undefined || tab === undefined) return
  const own = [...tab.open.keys()]
  const known = world.random.chance(0.15) ? undefined : world.random.pick(own)
  const talk = tab.look(known ?? world.newId())
  if (known === undefined) {
    world.conversations.push(talk.id)
    const page = { url: 'https://example.com/', title: 'Example', referrer: '' }
    world.written.set(await talk.write.open({ inbox: 'demo', page, locale: 'en' }), browser.principal)
    count('started')
  }
  await attempt(
    world,
    tab,
    () => talk.write.message(body(`Question ${world.random.below(1000)}`)),
    count,
    'visitor messages',
  )
}

async function agentReplies(world: World, count: (what: string) => void): Promise<void> {
  const at = agentTalk(world)
  if (at === null) return
  await attempt(
    world,
    at.tab,
    () => at.talk.write.message(body(`Answer ${world.random.below(1000)}`)),
    count,
    'replies',
  )
  if (at.tab.device.connection.state !== 'live') count('written offline')
}

async function agentComments(world: World, count: (what: string) => void): Promise<void> {
  const at = agentTalk(world)
  if (at === null) return
  await attempt(
    world,
    at.tab,
    () => at.talk.write.comment(body(`${SECRET} ${world.random.below(1000)}`), []),
    count,
    'comments',
  )
}

async function agentAssigns(world: World, count: (what: string) => void): Promise<void> {
  const at = agentTalk(world)
  const to = world.random.pick([...world.agents.map(({ principal }) => principal), null]) ?? null
  if (at !== null) await attempt(world, at.tab, () => at.talk.write.assign(to), count, 'assignments')
}

async function somebodyCloses(world: World, count: (what: string) => void): Promise<void> {
  const at = world.random.chance(0.8) ? agentTalk(world) : visitorTalk(world)
  if (at !== null) await attempt(world, at.tab, () => at.talk.write.close(), count, 'closes')
}

async function somebodyChanges(world: World, count: (what: string) => void): Promise<void> {
  const browser = world.random.pick(world.browsers)
  const tab = world.random.pick(browser?.tabs ?? [])
  const talk = world.random.pick([...(tab?.open.values() ?? [])])
  const own = talk?.view.timeline.filter((item) => item.type === 'message' && item.by === browser?.principal) ?? []
  const item = world.random.pick(own)
  if (tab === undefined || talk === undefined || item === undefined || item.refused !== null) return
  if (world.random.chance(0.6))
    await attempt(world, tab, () => talk.write.edit(item.id, body('Mended')), count, 'edits')
  else await attempt(world, tab, () => talk.write.retract(item.id), count, 'retractions')
}

async function visitorIdentifies(world: World, count: (what: string) => void): Promise<void> {
  const at = visitorTalk(world)
  const email = `v${world.random.below(100)}@example.com`
  if (at !== null) await attempt(world, at.tab, () => at.talk.write.identify({ email }), count, 'details')
}

function cutLink(world: World, count: (what: string) => void): void {
  const { random } = world
  const [up, down] = random.pick([
    [true, true],
    [true, false],
    [false, true],
  ] as const) ?? [true, true]
  random.pick(world.browsers)?.link.set(up, down)
  count(up && down ? 'partitions' : 'one-way partitions')
}

function mendLink(world: World, count: (what: string) => void): void {
  const cut = world.browsers.filter(({ link }) => link.cut.up || link.cut.down)
  const link = world.random.pick(cut)?.link
  if (link === undefined) return
  // Either the connection has lived through it, or it is found broken.
  if (world.random.chance(0.5)) link.break()
  link.set(false, false)
  count('mended')
}

function breakLink(world: World, count: (what: string) => void): void {
  world.random.pick(world.browsers)?.link.break()
  count('broken connections')
}

async function tabCloses(world: World, count: (what: string) => void): Promise<void> {
  // Who keeps nothing would lose what is not sent: that is said to them, and is no fault.
  const browser = world.random.pick(world.browsers.filter(({ keeps, tabs }) => keeps && tabs.length > 0))
  const tab = world.random.pick(browser?.tabs ?? [])
  if (browser === undefined || tab === undefined) return
  await browser.closeTab(tab)
  count('closed tabs')
}

async function tabOpens(world: World, count: (what: string) => void): Promise<void> {
  const browser = world.random.pick(world.browsers)
  if (browser === undefined || browser.tabs.length >= (browser.keeps ? 2 : 1)) return
  const tab = await browser.openTab()
  // A visitor comes back to the conversations of before.
  if (world.visitors.includes(browser)) for (const id of await startedBy(world, browser)) tab.look(id)
  count('opened tabs')
}

async function relayRestarts(world: World, count: (what: string) => void): Promise<void> {
  await world.restartRelay(1 + world.random.below(5000))
  count('relay restarts')
}

async function somebodyAttacks(world: World, count: (what: string) => void): Promise<void> {
  const { random } = world
  const started = (await Promise.all(world.visitors.map((visitor) => startedBy(world, visitor)))).flat()
  const insider = random.chance(0.6)
  const principal = insider ? world.eve : world.mallory
  // The visitor of no good intentions tries others' conversations, too; and has some of her own.
  const conversation = random.chance(insider ? 0.95 : 0.4) ? random.pick(started) : world.newId()
  if (conversation === undefined) return
  const what = attack({
    random,
    principal,
    link: world.intruders,
    accept: (server) => world.accept(principal, 'attacker', server),
    conversation,
    ledger: random.chance(0.7) ? 'thread' : 'team',
    overheard: random.pick(world.browsers)?.link.sent ?? [],
    newId: () => world.newId(),
  })
  count(`attack: ${what}`)
}

/** The conversations that the server knows this visitor for. */
export async function startedBy(world: World, browser: Browser): Promise<string[]> {
  return (await world.store.conversationsOf(browser.principal)).map(({ id }) => id)
}

function agentTalk(world: World): { tab: Tab; talk: OpenConversation } | null {
  const tab = world.random.pick(world.random.pick(world.agents)?.tabs ?? [])
  const id = world.random.pick(tab?.device.inbox.conversations ?? [])?.id
  return tab === undefined || id === undefined ? null : { tab, talk: tab.look(id) }
}

function visitorTalk(world: World): { tab: Tab; talk: OpenConversation } | null {
  const tab = world.random.pick(world.random.pick(world.visitors)?.tabs ?? [])
  const talk = world.random.pick([...(tab?.open.values() ?? [])])
  return tab === undefined || talk === undefined ? null : { tab, talk }
}

/** Writes as a person would: what the app would not let them do counts as not done. */
async function attempt(
  world: World,
  { device }: Tab,
  write: () => Promise<string>,
  count: (what: string) => void,
  what: string,
): Promise<void> {
  try {
    world.written.set(await write(), device.principal)
    count(what)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    count('not allowed')
  }
}
