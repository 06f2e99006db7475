import { CommandError } from '#conversation/commands.ts'
import { body } from '../support/conversations.ts'
import { tabIsGone } from './backups.ts'
import { agentTalk, shown, visitorTalk, type Count } from './people.ts'
import type { World } from './world.ts'

/** Crashes of tabs and browsers, at whatever they are doing. */

/** The longest that a write takes to its commit, in turns of the loop, and some more. */
const TURNS_OF_A_WRITE = 12

export async function killsTab(world: World, count: Count): Promise<void> {
  const browser = world.random.pick(world.browsers)
  const tab = world.random.pick(browser?.tabs ?? [])
  if (browser === undefined || tab === undefined) return
  browser.killTab(tab)
  await tabIsGone(world, browser)
  count('killed tabs')
}

export async function killsBrowser(world: World, count: Count): Promise<void> {
  const browser = world.random.pick(world.browsers)
  if (browser === undefined || browser.tabs.length === 0) return
  browser.kill()
  await tabIsGone(world, browser)
  count('killed browsers')
}

/** Somebody writes, and the tab dies: before the entry is on the disk, or right after the screen has shown it. */
export async function killsMidWrite(world: World, count: Count): Promise<void> {
  const { book, random } = world
  const at = random.chance(0.5) ? agentTalk(world) : visitorTalk(world)
  const browser = world.browsers.find(({ tabs }) => at !== null && tabs.includes(at.tab))
  if (at === null || browser === undefined) return
  const word = book.newWord()
  const fate: { id: string | null; refused: boolean } = { id: null, refused: false }
  at.tab.life
    .run(() => at.talk.write.message(body(`Last ${word}`)))
    .then(
      (id) => (fate.id = id),
      (error) => (fate.refused = error instanceof CommandError),
    )
  for (let turns = random.below(TURNS_OF_A_WRITE); turns > 0; turns--) await turn()
  if (random.chance(0.3)) browser.kill()
  else browser.killTab(at.tab)
  if (fate.id !== null) shown(world, at, fate.id)
  else book.unsure.set(word, browser.principal)
  await tabIsGone(world, browser)
  if (!fate.refused) count(fate.id === null ? 'killed in mid-write' : 'killed after a write')
}

/** A tab dies while it reads its disk. */
export async function killsMidOpening(world: World, count: Count): Promise<void> {
  const { random } = world
  const browser = random.pick(world.browsers.filter(({ tabs }) => tabs.length === 0))
  if (browser === undefined) return
  void browser.openTab()
  for (let turns = random.below(20); turns > 0; turns--) await turn()
  browser.kill()
  await tabIsGone(world, browser)
  count('killed while opening')
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
