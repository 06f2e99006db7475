// What browsers have to load, from what the builds say of themselves. `.size-limit.mjs` sets the limits.
import fs from 'node:fs'
import path from 'node:path'
import { LANGUAGES } from '../src/conversation/languages.ts'
import { root } from './run.mjs'

/**
 * An entry of Vite's manifest.
 * @typedef {{ file: string, imports?: string[], dynamicImports?: string[], isEntry?: boolean }} Chunk
 */
/** @typedef {Record<string, Chunk>} Manifest */

const WIDGET = 'build/widget'
const APP = '.svelte-kit/output/client'
const NODES = '.svelte-kit/generated/client-optimized'

/** The host page's script, before anybody reaches for the chat. */
export function loaderFiles() {
  return [`${WIDGET}/widget.js`]
}

/**
 * All JavaScript of the widget's frame: everything that its page imports now or later, and one language. The largest one,
 * since somebody reads it.
 */
export function widgetFiles() {
  const manifest = read(`${WIDGET}/.vite/manifest.json`)
  const later = laterImports(manifest, ['index.html'])
  const all = ['index.html', ...later.filter((key) => !isLanguage(key)), ...oneLanguage(manifest, WIDGET, later)]
  return filesOf(manifest, all, WIDGET)
}

/** What /inbox loads before it can be read: SvelteKit's start, the route's nodes, and one language, the largest one. */
export function inboxFiles() {
  const manifest = read(`${APP}/.vite/manifest.json`)
  const app = `${NODES}/app.js`
  const start = 'node_modules/@sveltejs/kit/src/runtime/client/entry.js'
  const nodes = routeNodes('/inbox').map((node) => `${NODES}/nodes/${node}.js`)
  const now = [start, app, ...nodes]
  return filesOf(manifest, [...now, ...oneLanguage(manifest, APP, laterImports(manifest, nodes))], APP)
}

/** @param {string} file @returns {Manifest} */
function read(file) {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'))
}

/** What these chunks, and all that they import at once, import later. @param {Manifest} manifest @param {string[]} from */
function laterImports(manifest, from) {
  return [...closure(manifest, from)].flatMap((key) => manifest[key]?.dynamicImports ?? [])
}

const isLanguage = (/** @type {string} */ key) => LANGUAGES.some((each) => key.endsWith(`/messages/${each}.js`))

/** The largest of the languages among these: a browser loads one. @param {Manifest} manifest @param {string} folder @param {string[]} keys */
function oneLanguage(manifest, folder, keys) {
  const size = (/** @type {string} */ key) => fs.statSync(path.join(root, folder, manifest[key]?.file ?? '')).size
  const [one] = keys.filter(isLanguage).sort((a, b) => size(b) - size(a))
  if (one === undefined) throw new Error('The build has no language. Where have its texts gone?')
  return [one]
}

/** @param {Manifest} manifest @param {string[]} from @returns {Set<string>} with everything that they import at once */
function closure(manifest, from) {
  /** @type {Set<string>} */
  const seen = new Set()
  const waiting = [...from]
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (seen.has(key)) continue
    const chunk = manifest[key]
    if (chunk === undefined) throw new Error(`The build's manifest has no "${key}". Has its layout changed?`)
    seen.add(key)
    waiting.push(...(chunk.imports ?? []))
  }
  return seen
}

/** @param {Manifest} manifest @param {string[]} from @param {string} folder */
function filesOf(manifest, from, folder) {
  const files = [...closure(manifest, from)].map((key) => manifest[key]?.file ?? '')
  return [...new Set(files)].filter((file) => file.endsWith('.js')).map((file) => `${folder}/${file}`)
}

/**
 * The nodes of a route, by SvelteKit's own table: `"/inbox": [4,[2]]` is page 4 in layout 2, all within the root layout 0.
 * @param {string} route @returns {number[]}
 */
function routeNodes(route) {
  const table = fs.readFileSync(path.join(root, NODES, 'app.js'), 'utf8')
  const line = table.split('\n').find((each) => each.includes(`"${route}": [`))
  if (line === undefined) throw new Error(`SvelteKit's table of routes has no "${route}".`)
  return [0, ...(line.slice(line.indexOf('[')).match(/\d+/g) ?? []).map(Number)]
}
