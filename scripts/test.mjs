// `npm test`: everything, in the order in which it fails fastest. Ends with one line: N passed, N failed.
import fs from 'node:fs'
import path from 'node:path'
import { bin, root, runNode, script } from './run.mjs'
import { countPlaywright, countVitest } from './counts.mjs'
import { runStep } from './steps.mjs'

const RESULTS = path.join(root, 'test-results')
const VITEST = path.join(RESULTS, 'vitest.json')
const PLAYWRIGHT = path.join(RESULTS, 'playwright.json')

/** @type {Array<{ name: string, run: () => Promise<number> }>} */
const STEPS = [
  { name: 'types', run: () => runStep('check') },
  { name: 'lint', run: () => runStep('lint') },
  { name: 'architecture', run: () => runStep('architecture') },
  { name: 'unit, contract, simulation, crash', run: vitest },
  { name: 'sizes', run: () => runStep('sizes') },
  { name: 'e2e', run: () => runNode(['scripts/e2e.mjs']) },
]

await script(async () => {
  // Yesterday's reports must not be counted.
  fs.rmSync(RESULTS, { recursive: true, force: true })
  let code = 0
  for (const { name, run } of STEPS) {
    console.log(`\n--- ${name}`)
    const start = performance.now()
    code = await run()
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`--- ${name}: ${code === 0 ? 'ok' : `failed (exit code ${code})`}, ${seconds} s`)
    if (code !== 0) break
  }
  const counts = [countVitest(VITEST), countPlaywright(PLAYWRIGHT)]
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) => counts.reduce((total, one) => total + one[key], 0)
  // No test is skipped in silence.
  if (sum('skipped') > 0) console.log(`\n${sum('skipped')} skipped`)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
  return code
})

function vitest() {
  return runNode([bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST}`])
}
