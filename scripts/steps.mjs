// The checks by name: `npm run lint` is `node scripts/steps.mjs lint`. Here and not in package.json, so that they run
// on the Node that npm ci installed: npm 10 and older do not put it on their PATH.
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { ended, environment, root, script } from './run.mjs'

/** @type {Record<string, string[]>} */
const STEPS = {
  check: [
    'node scripts/texts.mjs',
    'svelte-kit sync',
    'svelte-check --fail-on-warnings',
    'tsc -p tsconfig.server.json',
  ],
  lint: ['node scripts/texts.mjs', 'eslint . --max-warnings 0', 'prettier --check .'],
  architecture: ['node scripts/texts.mjs', 'depcruise src sync-server --config .dependency-cruiser.cjs'],
  format: ['prettier --write .'],
  sizes: ['node scripts/build.mjs', 'size-limit'],
  'test:unit': ['vitest run --project unit --project contract'],
}

/**
 * Runs a step's commands until one fails.
 * @param {string} name
 * @param {string[]} [args] for its last command
 * @returns {Promise<number>} the exit code
 */
export async function runStep(name, args = []) {
  const commands = STEPS[name]
  if (!commands) throw new Error(`There is no step "${name}"; there are ${Object.keys(STEPS).join(', ')}.`)
  for (const command of commands) {
    const line = command === commands.at(-1) ? [command, ...args.map((arg) => JSON.stringify(arg))].join(' ') : command
    const code = await ended(spawn(line, { cwd: root, stdio: 'inherit', env: environment(), shell: true }))
    if (code !== 0) return code
  }
  return 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(() => runStep(process.argv[2] ?? '', process.argv.slice(3)))
}
