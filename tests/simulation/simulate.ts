import process from 'node:process'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { storedIds } from './backups.ts'
import { checkAll, erasedWordsFound, isAtRest, lookAtAll, missing, waitingOnDisk } from './checks.ts'
import { STEPS } from './steps.ts'
import { World } from './world.ts'

/**
 * The real relay, store and devices in one process, with people who write while links are cut, tabs closed, the relay
 * killed and strangers at the door. Time and chance come from the seed. At rest everybody sees the same, and nothing is
 * lost.
 */

/** The first seed and the last, over both halves: two processes share the work. */
const NAMED = process.env['PARLEY_SEEDS']
const [FIRST = 1, LAST = FIRST] = (NAMED ?? (process.env['PARLEY_LONG'] === '1' ? '1-20000' : '1-200'))
  .split('-')
  .map(Number)
/** So many runs are enough for everything to have happened. */
const ENOUGH = 200
const STEPS_A_RUN = 80
/** What must have happened in each half, or its runs have shown nothing. */
const MUST_HAPPEN = [
  'started',
  'visitor messages',
  'replies',
  'written offline',
  'comments',
  'assignments',
  'edits',
  'retractions',
  'partitions',
  'one-way partitions',
  'mended',
  'broken connections',
  'doubled frames',
  'overtaken frames',
  'clocks set',
  'closed tabs',
  'opened tabs',
  'killed tabs',
  'killed browsers',
  'killed in mid-write',
  'killed after a write',
  'killed while opening',
  'relay restarts',
  'backups',
  'restores',
  'entries cut off',
  'entries brought back',
  'entries lost with a restore',
  'erasures',
  'erased',
  'replays in one’s own name',
  'closed',
  'void-close',
  'reopened',
  'crossed',
  'attack: random bytes',
  'attack: overwrites and deletions',
  'attack: other roots',
  'attack: forged stamps',
  'attack: another name',
  'attack: half an update',
  'attack: a lent client id',
  'attack: replays',
  'attack: replays with a bit flipped',
]

const totals: Record<string, number> = {}
const count = (what: string, times = 1) => void (totals[what] = (totals[what] ?? 0) + times)

/** Defines the tests of every second seed, the odd ones or the even ones. */
export function simulate(half: 'odd' | 'even'): void {
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i)
  const seeds = all.filter((seed) => (seed % 2 === 1) === (half === 'odd'))
  standStill()
  for (const seed of seeds) testSeed(seed)

  test.runIf(all.length >= ENOUGH)('the runs were no idle ones', () => {
    for (const what of MUST_HAPPEN) expect(totals[what] ?? 0, what).toBeGreaterThan(3)
    console.log(`simulation, ${seeds.length} ${half} seeds from ${seeds[0]}:`, JSON.stringify(totals))
  })
}

/** Defines the tests of seeds that once failed, by what they found; whoever names seeds gets those alone. */
export function simulateFound(found: Record<number, string>): void {
  standStill()
  for (const [seed, what] of Object.entries(found)) testSeed(Number(seed), `: ${what}`)
}

/** Promises and IndexedDB (which runs on setImmediate) go on by themselves; clocks and timers stand still until told. */
function standStill(): void {
  // Each y-websocket provider listens for the end of the process; many devices live in this one.
  process.setMaxListeners(0)
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    vi.setSystemTime(1_760_000_000_000)
  })
  afterEach(() => void vi.useRealTimers())
}

function testSeed(seed: number, found = ''): void {
  test.skipIf(found !== '' && NAMED !== undefined)(`[F1] [F2] [A3] [S1] [R1] [R4] seed ${seed}${found}`, async () => {
    try {
      await run(seed)
    } catch (error) {
      console.error(`repeat: npm run test:simulation -- --seed ${seed}`)
      throw error
    }
  })
}

async function run(seed: number): Promise<void> {
  const world = await World.create(seed)
  for (const browser of world.browsers) await browser.openTab()
  for (let i = 0; i < STEPS_A_RUN; i++) {
    await step(world)
    await pass(world.random.chance(0.1) ? world.random.below(20_000) : world.random.below(300))
  }
  await settle(world)
  await checkAll(world, count)
  await countFates(world)
  await world.close()
}

/** What became of what was played to them. */
async function countFates(world: World): Promise<void> {
  const stored = await storedIds(world)
  const { cutOff, mayBeLost } = world.book
  count('entries brought back', [...cutOff].filter((id) => stored.has(id)).length)
  count('entries lost with a restore', [...cutOff].filter((id) => !stored.has(id) && mayBeLost.has(id)).length)
  for (const { link } of [...world.browsers, { link: world.intruders }]) {
    count('doubled frames', link.played.doubled)
    count('overtaken frames', link.played.overtaken)
  }
}

async function step(world: World): Promise<void> {
  let at = world.random.below(STEPS.reduce((sum, { weight }) => sum + weight, 0))
  for (const { weight, run } of STEPS) {
    at -= weight
    if (at < 0) return void (await run(world, count))
  }
}

/** Mends everything, brings everybody back, and waits until nothing moves. */
async function settle(world: World): Promise<void> {
  for (const browser of world.browsers) {
    browser.link.set(false, false)
    // What a dead tab left on the disk, and for visitors what was erased, is found at the next connection.
    browser.link.break()
    if (browser.tabs.length === 0) await browser.openTab()
  }
  // Nobody looks at anything more: what was cut off comes back, and what was erased goes, all the same.
  await restOf(world, async () => [
    ...(await missing(world)),
    ...(await erasedWordsFound(world)),
    ...(await waitingOnDisk(world)),
  ])
  await restOf(world, async () => {
    await lookAtAll(world)
    return []
  })
}

/** Waits until all are at rest and nothing is left to be done. */
async function restOf(world: World, left: () => Promise<string[]>): Promise<void> {
  // At rest twice in a row: what was stamped a moment ago may still be on its way to the others.
  let rest: string[] = []
  for (let i = 0, calm = 0; i < 120; i++) {
    rest = await left()
    await pass(2000)
    calm = isAtRest(world) && rest.length === 0 ? calm + 1 : 0
    if (calm === 2) return
    // Who knocked before somebody else had brought the conversation back knocks again with the next connection.
    if (i === 30) for (const { link } of world.browsers) link.break()
  }
  const states = world.browsers.flatMap(({ principal, tabs }) =>
    tabs.map(({ device, open }) => ({
      principal,
      ...device.connection,
      rooms: [...open.values()].map(({ id, state }) => `${id} ${state}`),
    })),
  )
  throw new Error(`not at rest after four minutes: ${JSON.stringify({ rest, states }, null, 1)}`)
}

/** Lets time go by, timer by timer, and in between what needs no time: promises, and IndexedDB on setImmediate. */
async function pass(ms: number): Promise<void> {
  let over = false
  setTimeout(() => (over = true), ms)
  while (!over) {
    vi.advanceTimersToNextTimer()
    for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve))
  }
}
