import { body } from '../support/conversations.ts'
import { cloneReplays, somebodyAttacks } from './attacks.ts'
import { backsUp, erases, restores } from './backups.ts'
import { killsBrowser, killsMidOpening, killsMidWrite, killsTab } from './kills.ts'
import { agentTalk, attempt, startedBy, visitorTalk, type Count } from './people.ts'
import type { World } from './world.ts'

/** What people and the world do, a step at a time; each counts what it did, so that a run can prove it was not idle. */

/** Stands in every comment: it must never be on a visitor's wire. */
export const SECRET = 'FOR-AGENTS-ONLY'

interface Step {
  weight: number
  run(world: World, count: Count): Promise<void> | void
}

export const STEPS: Step[] = [
  { weight: 16, run: visitorWrites },
  { weight: 16, run: agentReplies },
  { weight: 6, run: agentComments },
  { weight: 6, run: agentAssigns },
  { weight: 8, run: somebodyCloses },
  { weight: 6, run: somebodyChanges },
  { weight: 4, run: visitorIdentifies },
  { weight: 6, run: cutLink },
  { weight: 8, run: mendLink },
  { weight: 4, run: breakLink },
  { weight: 3, run: tabCloses },
  { weight: 8, run: tabOpens },
  { weight: 2, run: clockJumps },
  { weight: 10, run: somebodyAttacks },
  { weight: 2, run: cloneReplays },
  { weight: 2, run: relayRestarts },
  { weight: 3, run: backsUp },
  { weight: 2, run: restores },
  { weight: 4, run: erases },
  { weight: 2, run: killsTab },
  { weight: 5, run: killsMidWrite },
  { weight: 1, run: killsMidOpening },
  { weight: 1, run: killsBrowser },
]

async function visitorWrites(world: World, count: Count): Promise<void> {
  const { book, random } = world
  const tab = random.pick(random.pick(world.visitors)?.tabs ?? [])
  if (tab === undefined) return
  const known = random.chance(0.15) ? undefined : random.pick([...tab.open.keys()])
  const talk = tab.look(known ?? world.newId())
  if (known === undefined) {
    const page = { url: 'https://example.com/', title: 'Example', referrer: '' }
    await attempt(world, { tab, talk }, (write) => write.open({ inbox: 'demo', page, locale: 'en' }), count, 'started')
  }
  const words = body(`Question ${book.newWord()}`)
  await attempt(world, { tab, talk }, (write) => write.message(words), count, 'visitor messages')
}

async function agentReplies(world: World, count: Count): Promise<void> {
  const at = agentTalk(world)
  if (at === null) return
  const words = body(`Answer ${world.book.newWord()}`)
  await attempt(world, at, (write) => write.message(words), count, 'replies')
  if (at.tab.device.connection.state !== 'live') count('written offline')
}

async function agentComments(world: World, count: Count): Promise<void> {
  const at = agentTalk(world)
  if (at === null) return
  const words = body(`${SECRET} ${world.book.newWord()}`)
  await attempt(world, at, (write) => write.comment(words, []), count, 'comments')
}

async function agentAssigns(world: World, count: Count): Promise<void> {
  const at = agentTalk(world)
  const to = world.random.pick([...world.agents.map(({ principal }) => principal), null]) ?? null
  if (at !== null) await attempt(world, at, (write) => write.assign(to), count, 'assignments')
}

async function somebodyCloses(world: World, count: Count): Promise<void> {
  const at = world.random.chance(0.8) ? agentTalk(world) : visitorTalk(world)
  if (at !== null) await attempt(world, at, (write) => write.close(), count, 'closes')
}

async function somebodyChanges(world: World, count: Count): Promise<void> {
  const { book, random } = world
  const browser = random.pick(world.browsers)
  const tab = random.pick(browser?.tabs ?? [])
  const talk = random.pick([...(tab?.open.values() ?? [])])
  const own = talk?.view.timeline.filter((item) => item.type === 'message' && item.by === browser?.principal) ?? []
  const item = random.pick(own)
  if (tab === undefined || talk === undefined || item === undefined || item.refused !== null) return
  if (random.chance(0.6)) {
    const words = body(`Mended ${book.newWord()}`)
    await attempt(world, { tab, talk }, (write) => write.edit(item.id, words), count, 'edits', item.id)
  } else await attempt(world, { tab, talk }, (write) => write.retract(item.id), count, 'retractions', item.id)
}

async function visitorIdentifies(world: World, count: Count): Promise<void> {
  const at = visitorTalk(world)
  const email = `${world.book.newWord()}@example.com`
  if (at !== null) await attempt(world, at, (write) => write.identify({ email }), count, 'details')
}

function cutLink(world: World, count: Count): void {
  const { random } = world
  const [up, down] = random.pick([
    [true, true],
    [true, false],
    [false, true],
  ] as const) ?? [true, true]
  random.pick(world.browsers)?.link.set(up, down)
  count(up && down ? 'partitions' : 'one-way partitions')
}

function mendLink(world: World, count: Count): void {
  const cut = world.browsers.filter(({ link }) => link.cut.up || link.cut.down)
  const link = world.random.pick(cut)?.link
  if (link === undefined) return
  // Either the connection has lived through it, or it is found broken.
  if (world.random.chance(0.5)) link.break()
  link.set(false, false)
  count('mended')
}

function breakLink(world: World, count: Count): void {
  world.random.pick(world.browsers)?.link.break()
  count('broken connections')
}

async function tabCloses(world: World, count: Count): Promise<void> {
  // Who keeps nothing would lose what is not sent: that is said to them, and is no fault.
  const browser = world.random.pick(world.browsers.filter(({ keeps, tabs }) => keeps && tabs.length > 0))
  const tab = world.random.pick(browser?.tabs ?? [])
  if (browser === undefined || tab === undefined) return
  await browser.closeTab(tab)
  count('closed tabs')
}

async function tabOpens(world: World, count: Count): Promise<void> {
  const browser = world.random.pick(world.browsers)
  if (browser === undefined || browser.tabs.length >= (browser.keeps ? 2 : 1)) return
  const tab = await browser.openTab()
  // A visitor comes back to the conversations of before.
  if (world.visitors.includes(browser)) for (const id of await startedBy(world, browser)) tab.look(id)
  count('opened tabs')
}

function clockJumps(world: World, count: Count): void {
  const browser = world.random.pick(world.browsers)
  if (browser === undefined) return
  browser.skew = world.random.below(600_000) - 300_000
  count('clocks set')
}

async function relayRestarts(world: World, count: Count): Promise<void> {
  if (await world.restartRelay(1 + world.random.below(5000))) count('relay restarts')
}
