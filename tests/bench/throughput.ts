import type { Contender } from './contenders.ts'
import { checkHocuspocus, checkParley } from './databases.ts'
import { flood, script, type Line } from './load.ts'
import { ServerProcess } from './process.ts'
import { Round } from './round.ts'
import { createCompany, type Company } from './talk.ts'

/** How many entries a second of the server's CPU pays for: spoken, stored, and heard in each seat of their room. */

const SHAPE = { talks: 200, agents: 2 } as const
/** What everybody says, and what they say before it is measured: until then most time goes into compiling. */
const EACH = 50
const WARM_UP = 50
/**
 * How many entries may be on their way, not yet heard by everybody, before more are said: one for each of the 600
 * sockets, or everything at once, as after an outage.
 */
export const UNDER_WAY = { steady: 600, storm: Infinity } as const
export type Pressure = keyof typeof UNDER_WAY

export interface Throughput {
  contender: Contender
  /** Entries for a second of the server's CPU time. */
  perSecond: number
  /** Entries that came in one update, on average. */
  together: number
}

/** One run of each contender, in turn. */
export async function measureThroughput(
  pressure: Pressure,
  contenders: readonly Contender[],
  profile: string | null,
): Promise<Throughput[]> {
  const company = createCompany({ ...SHAPE, each: WARM_UP + EACH })
  const results: Throughput[] = []
  for (const contender of contenders) results.push(await run(contender, company, UNDER_WAY[pressure], profile))
  return results
}

async function run(
  contender: Contender,
  company: Company,
  underWay: number,
  profile: string | null,
): Promise<Throughput> {
  const server = new ServerProcess(contender.server, profile)
  try {
    const round = new Round(contender, await server.start(company))
    await round.begin(company)
    const all = script(company)
    const measured = all.length * (EACH / (EACH + WARM_UP))
    const lines = all.slice(-measured)
    const closes = closesOf(company)
    await flood(round, all.slice(0, -measured), underWay)
    const heard = round.frames
    const before = await server.usage()
    await flood(round, lines, underWay)
    await flood(round, closes, underWay)
    const after = await server.usage()
    const frames = round.frames - heard
    const stamps = round.stamps(company)
    await round.end()
    await server.stop()
    if (contender.server === 'parley') checkParley(server.folder, company, stamps)
    if (contender.server === 'hocuspocus') checkHocuspocus(server.folder, company)
    const entries = lines.length + closes.length
    return { contender, perSecond: entries / ((after.cpu - before.cpu) / 1000), together: (entries * 3) / frames }
  } finally {
    await server.remove()
  }
}

function closesOf({ talks }: Company): Line[] {
  return talks.flatMap((talk) => {
    const speaker = talk.speakers[1]
    return speaker === undefined || talk.closing === null ? [] : [{ talk, speaker, saying: talk.closing }]
  })
}
