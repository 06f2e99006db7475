import { CONTENDERS, type Contender } from './contenders.ts'
import { script, stream } from './load.ts'
import { ServerProcess } from './process.ts'
import { Round } from './round.ts'
import { createCompany } from './talk.ts'

/** How long it takes from sending until the last in the room has heard, under a steady load. */

export const RATE = 2000
/** 200 rooms of three, who say 34 things each: ten seconds. */
const SHAPE = { talks: 200, agents: 2, each: 34 }

export interface Latency {
  contender: Contender
  /** In ms. */
  median: number
  p99: number
  /** The server's CPU time, as a share of one core. */
  busy: number
}

export async function measureLatency(): Promise<Latency[]> {
  const company = createCompany(SHAPE)
  const lines = script(company)
  const results: Latency[] = []
  for (const contender of CONTENDERS) {
    const server = new ServerProcess(contender.server)
    try {
      const round = new Round(contender, await server.start(company))
      await round.begin(company)
      const before = await server.usage()
      const start = performance.now()
      await stream(round, lines, RATE)
      const took = performance.now() - start
      const after = await server.usage()
      const sorted = round.latencies.toSorted((a, b) => a - b)
      const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
      await round.end()
      results.push({ contender, median: at(0.5), p99: at(0.99), busy: (after.cpu - before.cpu) / took })
    } finally {
      await server.remove()
    }
  }
  return results
}
