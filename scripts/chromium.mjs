// The browser of the end-to-end tests: the one that is there, else one from the system's packages or Playwright.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { bin, pinnedNode } from './run.mjs'

/** The first is the browser without its own windows: the stories need nothing of those, and take less time. */
const COMMANDS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const MAC = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome']

/**
 * @returns {string | undefined} path of a Chromium that is installed: what PARLEY_CHROMIUM names, the system's, or
 *   Playwright's own
 * @throws if PARLEY_CHROMIUM names none
 */
export function findChromium() {
  const named = process.env.PARLEY_CHROMIUM
  if (named && !fs.existsSync(named)) throw new Error(`PARLEY_CHROMIUM is "${named}", but there is no such file.`)
  return named || inSystem() || ofPlaywright()
}

/**
 * Finds a Chromium or installs one, and says in one line which it is.
 * @returns {string} its path
 * @throws if there is none and none could be installed
 */
export function ensureChromium() {
  const found = findChromium()
  if (found) return report('Chromium: found', found)
  const ways = isDebian() ? [installWithApt, installWithPlaywright] : [installWithPlaywright, installWithApt]
  for (const install of ways) {
    const way = install()
    const installed = way && findChromium()
    if (installed) return report(`Chromium: installed with ${way}:`, installed)
  }
  throw new Error(
    'The end-to-end tests need Chromium, and it could not be installed here. Install it (Debian: "apt-get install ' +
      'chromium"; elsewhere "npx playwright install --with-deps chromium"), or set PARLEY_CHROMIUM to its path.',
  )
}

function inSystem() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const files = folders.flatMap((folder) => COMMANDS.map((command) => path.join(folder, command)))
  if (process.platform === 'darwin') files.push(...MAC.map((app) => `/Applications/${app}`))
  return files.find((file) => fs.existsSync(file))
}

function ofPlaywright() {
  const file = createRequire(import.meta.url)('@playwright/test').chromium.executablePath()
  return fs.existsSync(file) ? file : undefined
}

/** Debian's own package is a browser; Ubuntu's of the same name only fetches a snap, which containers cannot run. */
function isDebian() {
  const release = fs.existsSync('/etc/os-release') ? fs.readFileSync('/etc/os-release', 'utf8') : ''
  return /^ID(_LIKE)?=.*debian/m.test(release) && !/^ID(_LIKE)?=.*ubuntu/m.test(release)
}

function installWithApt() {
  const root = process.getuid?.() === 0
  if (!succeeds('apt-get', ['--version']) || !(root || succeeds('sudo', ['-n', 'true']))) return undefined
  const sudo = root ? [] : ['sudo', '-n']
  const apt = (/** @type {string[]} */ ...args) => {
    const [command = '', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args]
    return spawnSync(command, rest, { stdio: 'inherit' }).status === 0
  }
  const install = (/** @type {string} */ name) => apt('install', '-y', '--no-install-recommends', name)
  // Older releases have no package of the shell alone.
  return apt('update') && (install('chromium-headless-shell') || install('chromium')) ? 'apt-get' : undefined
}

function installWithPlaywright() {
  const args = [bin('@playwright/test', 'playwright'), 'install', 'chromium']
  return spawnSync(pinnedNode(), args, { stdio: 'inherit' }).status === 0 ? 'Playwright' : undefined
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/**
 * @param {string} text
 * @param {string} file
 */
function report(text, file) {
  console.log(`${text} ${file}`)
  return file
}
