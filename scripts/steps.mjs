// The checks by name: `npm run lint` is `node scripts/steps.mjs lint`. Here and not in package.json, so that they run
// on the Node that npm ci installed: npm 10 and older do not put it on their PATH.
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { ended, environment, root, script } from './run.mjs'

/** What our sources import and nobody writes. Takes no time when it is there. */
const GENERATE = ['node scripts/texts.mjs', 'svelte-kit sync']

/** @type {Record<string, string[]>} */
const STEPS = {
  generate: GENERATE,
  check: [...GENERATE, 'svelte-check --fail-on-warnings', 'tsc -p tsconfig.server.json', 'tsc -p src/service-worker'],
  lint: [...GENERATE, 'eslint . --max-warnings 0', 'prettier --check .'],
  architecture: [...GENERATE, 'depcruise src sync-server --config .dependency-cruiser.cjs'],
  format: ['prettier --write .'],
  sizes: ['node scripts/build.mjs', 'size-limit'],
  'test:unit': [...GENERATE, 'vitest run --project unit --project contract'],
}

/**
 * Runs a step's commands until one fails.
 * @param {string} name
 * @param {string[]} [args] for its last command
 * @param {(output: string) => void} [said] gets what the commands print; left out, it goes to the terminal
 * @returns {Promise<number>} the exit code
 */
export async function runStep(name, args = [], said) {
  const commands = STEPS[name]
  if (!commands) throw new Error(`There is no step "${name}"; there are ${Object.keys(STEPS).join(', ')}.`)
  for (const command of commands) {
    const line = command === commands.at(-1) ? [command, ...args.map((arg) => JSON.stringify(arg))].join(' ') : command
    const stdio = said === undefined ? 'inherit' : 'pipe'
    const child = spawn(line, { cwd: root, stdio, env: environment(), shell: true })
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said?.(String(chunk)))
    const code = await ended(child)
    if (code !== 0) return code
  }
  return 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(() => runStep(process.argv[2] ?? '', process.argv.slice(3)))
}
