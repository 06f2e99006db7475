// Builds what is stale: `npm run build`, and before `npm start`, `npm run dev` and the end-to-end tests.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { bin, root, runNode, script } from './run.mjs'
import { hashOf } from './sources.mjs'

// The installed packages rather than package-lock.json: they are what ends up in a build.
const COMMON = ['src', 'package.json', 'node_modules/.package-lock.json', 'scripts/build.mjs']

export const BUILDS = {
  app: {
    from: [...COMMON, 'static', 'svelte.config.js', 'vite.config.ts', 'scripts/preloads.mjs'],
    configs: ['vite.config.ts'],
  },
  widget: {
    from: [...COMMON, 'texts/widget', 'vite.widget.config.ts', 'vite.loader.config.ts'],
    configs: ['vite.widget.config.ts', 'vite.loader.config.ts'],
  },
}

/** @typedef {keyof typeof BUILDS} Build */

/**
 * Makes build/<name> agree with the sources. The hash lies beside the output and is there only while the output is
 * whole, so that a build that was broken off, or failed, is made again.
 * @param {Build} name
 * @returns {Promise<void>}
 * @throws if the build fails
 */
export async function ensureBuilt(name) {
  const { from, configs } = BUILDS[name]
  const hash = hashOf(from)
  if (readHash(name) === hash) return
  console.log(`Building the ${name} ...`)
  forget(name)
  fs.rmSync(path.join(root, 'build', name), { recursive: true, force: true })
  for (const config of configs) {
    const env = { PARLEY_BUILD: hash.slice(0, 12), NODE_ENV: 'production' }
    const code = await runNode([bin('vite'), 'build', '--config', config, '--logLevel', 'warn'], env)
    if (code !== 0) throw new Error(`Building the ${name} failed (${config}, exit code ${code}).`)
  }
  // What was edited while it was being built is not in it: the hash is the one from before.
  fs.writeFileSync(hashFile(name), hash)
}

/**
 * Makes the compiled texts agree with the catalogues. On the pinned Node: the compiler needs a newer one than we may run on.
 */
export async function ensureTexts() {
  const code = await runNode(['scripts/texts.mjs'])
  if (code !== 0) throw new Error(`Compiling the texts failed (exit code ${code}).`)
}

/** Makes the next {@link ensureBuilt} build. @param {Build} name */
export function forget(name) {
  fs.rmSync(hashFile(name), { force: true })
}

/** @param {Build} name */
function hashFile(name) {
  return path.join(root, 'build', `${name}.hash`)
}

/** @param {Build} name */
function readHash(name) {
  return fs.existsSync(hashFile(name)) ? fs.readFileSync(hashFile(name), 'utf8') : undefined
}

export async function ensureAllBuilt() {
  await ensureTexts()
  await ensureBuilt('app')
  await ensureBuilt('widget')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    await ensureAllBuilt()
    return 0
  })
}
