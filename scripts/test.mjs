// `npm test`: everything, in the order in which it fails fastest. Ends with one line: N passed, N failed.
import fs from 'node:fs'
import path from 'node:path'
import { bin, root, runNode, script } from './run.mjs'
import { countPlaywright, countVitest } from './counts.mjs'
import { runStep } from './steps.mjs'

const RESULTS = path.join(root, 'test-results')
const VITEST = path.join(RESULTS, 'vitest.json')
const PLAYWRIGHT = path.join(RESULTS, 'playwright.json')

/**
 * @typedef {{ name: string, run: (said?: (output: string) => void) => Promise<number> }} Step
 * @type {Step[][]} Steps that share a row run beside each other, and each says what it found when it is through: they
 *   read the same files and write none, and alone none of them keeps two cores busy.
 */
const ROWS = [
  [check('lint'), check('check', 'types'), check('architecture')],
  [{ name: 'unit, contract, simulation, crash', run: vitest }],
  [{ name: 'sizes', run: () => runStep('sizes') }],
  [{ name: 'e2e', run: () => runNode(['scripts/e2e.mjs']) }],
]

await script(async () => {
  // Yesterday's reports must not be counted.
  fs.rmSync(RESULTS, { recursive: true, force: true })
  // What several checks would write at once is there before they begin.
  let code = await runStep('generate')
  for (const row of ROWS) {
    if (code !== 0) break
    code = Math.max(...(await Promise.all(row.map((step) => run(step, row.length > 1)))))
  }
  const counts = [countVitest(VITEST), countPlaywright(PLAYWRIGHT)]
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) => counts.reduce((total, one) => total + one[key], 0)
  // No test is skipped in silence.
  if (sum('skipped') > 0) console.log(`\n${sum('skipped')} skipped`)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
  return code
})

/**
 * @param {string} step
 * @param {string} [name]
 * @returns {Step}
 */
function check(step, name = step) {
  return { name, run: (said) => runStep(step, [], said) }
}

/**
 * @param {Step} step
 * @param {boolean} beside others: what it says is shown in one piece
 */
async function run({ name, run }, beside) {
  if (!beside) console.log(`\n--- ${name}`)
  const start = performance.now()
  let output = ''
  const code = await run(beside ? (more) => (output += more) : undefined)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  if (beside) console.log(`\n--- ${name}\n${output.trimEnd()}`)
  console.log(`--- ${name}: ${code === 0 ? 'ok' : `failed (exit code ${code})`}, ${seconds} s`)
  return code
}

function vitest() {
  return runNode([bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST}`])
}
