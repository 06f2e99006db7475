// Tests whose runs come from seeds: the simulation, and the kills of the real process. `-- --seed 4711` repeats one run,
// `-- --seeds 2001-4000` makes those, `-- --kills 200` kills so often; `npm run test:long` makes the long runs of both.
import os from 'node:os'
import { parseArgs } from 'node:util'
import { bin, runNode, script } from './run.mjs'
import { runStep } from './steps.mjs'

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
  for (const name of /** @type {const} */ (['seed', 'kills'])) {
    const value = values[name]
    if (value !== undefined && !/^\d+$/.test(value)) throw new Error(`--${name} is a number, not "${value}".`)
  }
  const { seed, seeds = seed } = values
  if (seeds !== undefined && !/^\d+(-\d+)?$/.test(seeds)) throw new Error(`--seeds is like 1-200, not "${seeds}".`)
  const generated = await runStep('generate')
  if (generated !== 0) return generated
  const projects = values.project.flatMap((project) => ['--project', project])
  return runNode([bin('vitest'), 'run', ...projects, `--maxWorkers=${os.availableParallelism()}`, ...positionals], {
    ...(seed !== undefined && { PARLEY_SEED: seed }),
    ...(seeds !== undefined && { PARLEY_SEEDS: seeds }),
    ...(values.kills !== undefined && { PARLEY_KILLS: values.kills }),
    ...(values.long && { PARLEY_LONG: '1' }),
  })
})
