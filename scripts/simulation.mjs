// `npm run test:simulation -- --seed 4711` repeats one run; `npm run test:long` tries many more.
import { parseArgs } from 'node:util'
import { bin, runNode, script } from './run.mjs'

await script(async () => {
  const { values, positionals } = parseArgs({
    options: { seed: { type: 'string' }, long: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  if (values.seed !== undefined && !/^\d+$/.test(values.seed))
    throw new Error(`--seed is a number, not "${values.seed}".`)
  return runNode([bin('vitest'), 'run', '--project', 'simulation', ...positionals], {
    ...(values.seed !== undefined && { PARLEY_SEED: values.seed }),
    ...(values.long && { PARLEY_LONG: '1' }),
  })
})
