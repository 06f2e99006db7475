// `npm run bench`: servers and the inbox, measured (tests/bench). `-- --only memory` measures one part; `-- --write` puts
// the tables into docs/benchmarks.md.
import { ensureAllBuilt } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { runNode, script } from './run.mjs'

await script(async () => {
  await ensureAllBuilt()
  const PARLEY_CHROMIUM = ensureChromium()
  return runNode(['tests/bench/main.ts', ...process.argv.slice(2)], { PARLEY_CHROMIUM })
})
