import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { CONTENDERS, parley } from './contenders.ts'
import { measureLatency } from './latency.ts'
import { measureLong } from './long.ts'
import { measureMemory } from './memory.ts'
import { latencyTable, longTable, memoryTable, startTable, throughputTable } from './report.ts'
import { measureStart } from './start.ts'
import { measureThroughput, type Pressure, type Throughput } from './throughput.ts'

/**
 * `npm run bench`: measures everything, prints tables, and with `--write` puts them into docs/benchmarks.md.
 * `--only memory` measures one part; `--profile <folder>` writes Parley's CPU profile under the steady load.
 */

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})

/** Contenders take turns, so that whatever else the machine does hits all of them. */
async function throughput(pressure: Pressure): Promise<string> {
  const runs: Throughput[] = []
  for (let run = 1; run <= Number(values.runs); run++) {
    console.error(`throughput, ${pressure}: run ${run} of ${values.runs}`)
    runs.push(...(await measureThroughput(pressure, CONTENDERS, null)))
  }
  return throughputTable(runs)
}

const PARTS: Record<string, () => Promise<string>> = {
  steady: () => throughput('steady'),
  storm: () => throughput('storm'),
  latency: async () => latencyTable(await measureLatency()),
  memory: async () => memoryTable(await measureMemory()),
  long: async () => longTable(await measureLong()),
  start: async () => startTable(await measureStart(Number(values.runs))),
}

const DOCUMENT = new URL('../../docs/benchmarks.md', import.meta.url)

/** Replaces what stands between the part's two marks. */
function write(part: string, found: string): void {
  const text = readFileSync(DOCUMENT, 'utf8')
  const [begin, end] = [`<!-- ${part} -->`, `<!-- end of ${part} -->`]
  const [before, rest] = text.split(`${begin}\n`)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`docs/benchmarks.md has no marks for ${part}`)
  writeFileSync(DOCUMENT, `${before}${begin}\n${found}\n${end}${after}`)
}

if (values.only !== undefined && PARTS[values.only] === undefined) {
  throw new Error(`--only is one of ${Object.keys(PARTS).join(', ')}; not "${values.only}"`)
}
if (values.profile !== undefined) {
  await measureThroughput('steady', [parley], values.profile)
} else {
  for (const [part, measure] of Object.entries(PARTS)) {
    if (values.only !== undefined && values.only !== part) continue
    const found = await measure()
    console.log(`\n${part}\n\n${found}`)
    if (values.write) write(part, found)
  }
}
