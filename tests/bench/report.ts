import type { Latency } from './latency.ts'
import { RATE } from './latency.ts'
import type { Long } from './long.ts'
import type { Memory } from './memory.ts'
import { median, short, table } from './numbers.ts'
import type { Start } from './start.ts'
import type { Throughput } from './throughput.ts'

/** The results as Markdown: what docs/benchmarks.md holds between its marks. */

/** Rows of the same contender, one of each run. */
function byContender<T extends { contender: { title: string } }>(runs: readonly T[]): [string, T[]][] {
  return [...Map.groupBy(runs, ({ contender }) => contender.title)]
}

const medianOf = <T>(runs: readonly T[], value: (run: T) => number): number => median(runs.map(value))

export function throughputTable(runs: readonly Throughput[]): string {
  const all = byContender(runs)
  const [, own = []] = all[0] ?? []
  const parley = medianOf(own, (run) => run.perSecond)
  return table(
    ['', 'entries per CPU second', 'lowest – highest', 'Parley is', 'entries per frame'],
    all.map(([title, of]) => {
      const rates = of.map((run) => run.perSecond)
      const range = `${short(Math.min(...rates))} – ${short(Math.max(...rates))}`
      const together = short(medianOf(of, (run) => run.together))
      return [title, short(median(rates)), range, `${(parley / median(rates)).toFixed(2)} ×`, together]
    }),
  )
}

export function latencyTable(runs: readonly Latency[]): string {
  return table(
    [`at ${RATE.toLocaleString('en')} entries a second`, 'median, ms', 'p99, ms', 'CPU of one core'],
    runs.map(({ contender, median: mid, p99, busy }) => [
      contender.title,
      short(mid),
      short(p99),
      `${Math.round(busy * 100)} %`,
    ]),
  )
}

export function memoryTable(runs: readonly Memory[]): string {
  const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`
  return table(
    ['idle', 'a conversation of 50 entries', 'a connection'],
    runs.map(({ contender, conversation, connection }) => [
      contender.title,
      kilobytes(conversation),
      kilobytes(connection),
    ]),
  )
}

export function longTable({ floor, results }: { floor: number; results: readonly Long[] }): string {
  const rows = results.map(({ contender, opens, cpu, blocked, reconnect, rejoin }) => [
    contender.title,
    short(opens),
    short(cpu),
    short(blocked),
    short(reconnect),
    rejoin === null ? '' : short(rejoin),
  ])
  return table(
    ['10,000 entries, ms', 'opened in', 'CPU', 'loop blocked', 'reconnect, CPU', 'rejoin, CPU'],
    [...rows, ['a socket that says nothing', '', '', '', short(floor), '']],
  )
}

export function startTable(runs: readonly Start[]): string {
  const rows = [...Map.groupBy(runs, ({ visit }) => visit)].map(([visit, of]) => {
    const readable = of.map((run) => run.readable)
    return [
      visit,
      short(median(readable)),
      `${short(Math.min(...readable))} – ${short(Math.max(...readable))}`,
      short(medianOf(of, (run) => run.painted)),
      `${Math.round(medianOf(of, (run) => run.transferred) / 1024)} KB`,
    ]
  })
  return table(['', 'readable, ms', 'lowest – highest', 'first words, ms', 'transferred'], rows)
}
