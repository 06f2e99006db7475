// Tests whose runs come from seeds: the simulation, and the kills of the real process. `-- --seed 4711` repeats one run,
// `-- --seeds 2000` makes so many, `-- --kills 200` kills so often; `npm run test:long` makes the long runs of both.
import os from 'node:os'
import { parseArgs } from 'node:util'
import { bin, runNode, script } from './run.mjs'

await script(async () => {
  const { values, positionals } = parseArgs({
    options: {
      project: { type: 'string', multiple: true, default: ['simulation'] },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      kills: { type: 'string' },
      long: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  for (const name of /** @type {const} */ (['seed', 'seeds', 'kills'])) {
    const value = values[name]
    if (value !== undefined && !/^\d+$/.test(value)) throw new Error(`--${name} is a number, not "${value}".`)
  }
  const projects = values.project.flatMap((project) => ['--project', project])
  return runNode([bin('vitest'), 'run', ...projects, `--maxWorkers=${os.availableParallelism()}`, ...positionals], {
    ...(values.seed !== undefined && { PARLEY_SEED: values.seed }),
    ...(values.seeds !== undefined && { PARLEY_SEEDS: values.seeds }),
    ...(values.kills !== undefined && { PARLEY_KILLS: values.kills }),
    ...(values.long && { PARLEY_LONG: '1' }),
  })
})
