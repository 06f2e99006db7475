// The app's one page names everything that the inbox starts with, so that the browser fetches it all at once. By itself
// SvelteKit's fallback page names what every route has in common, and the rest is found only when that has run.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** Whoever is here wants one of these, or comes to it by signing in. */
const ROUTES = ['/inbox', '/inbox/[conversation]']

/** The part of Inter that nearly every page needs; the others are fetched when a letter of theirs is on the screen. */
const FONT = /inter-latin-wght-normal\.[^/]*\.woff2$/

/**
 * What SvelteKit's server knows of a layout or page, as far as it is needed here.
 * @typedef {{ imports: string[], stylesheets: string[], fonts: string[] }} Node
 */

/**
 * An adapter that writes one page for all routes, and then the preloads into it.
 * @param {import('@sveltejs/kit').Adapter} adapter
 * @param {string} page where it writes the page
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function withPreloads(adapter, page) {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder)
      const nodes = await nodesOf(builder)
      const html = fs.readFileSync(page, 'utf8')
      const links = linksTo(nodes).filter(({ href }) => !html.includes(href))
      const tags = links.map(({ href, how }) => `\t\t<link href="${href}" ${how}>\n`).join('')
      if (!html.includes('</head>')) throw new Error(`${page} has no </head> to put the preloads before.`)
      fs.writeFileSync(
        page,
        html.replace(/[ \t]*<\/head>/, (end) => tags + end),
      )
    },
  }
}

/**
 * @param {import('@sveltejs/kit').Builder} builder
 * @returns {Promise<Node[]>} the layouts, pages and error pages of the routes
 * @throws if there is no such route any more
 */
async function nodesOf(builder) {
  const folder = builder.getServerDirectory()
  const file = path.join(folder, 'manifest-of-preloads.js')
  fs.writeFileSync(file, `export default ${builder.generateManifest({ relativePath: '.' })}`)
  const { default: manifest } = await import(pathToFileURL(file).href)
  const pages = ROUTES.map((id) => {
    const route = manifest._.routes.find((/** @type {{ id: string }} */ each) => each.id === id)
    if (!route?.page) throw new Error(`scripts/preloads.mjs: there is no page at ${id}.`)
    return route.page
  })
  const indices = new Set(pages.flatMap(({ layouts, errors, leaf }) => [...layouts, ...errors, leaf]))
  return Promise.all([...indices].filter(Number.isInteger).map((index) => manifest._.nodes[index]()))
}

/** @param {Node[]} nodes */
function linksTo(nodes) {
  const all = (/** @type {(node: Node) => string[]} */ of, /** @type {string} */ how) =>
    [...new Set(nodes.flatMap(of))].map((file) => ({ href: `/${file}`, how }))
  return [
    // Fonts are always asked for anonymously, from the same origin too.
    ...all(
      ({ fonts }) => fonts.filter((file) => FONT.test(file)),
      'rel="preload" as="font" type="font/woff2" crossorigin',
    ),
    ...all(({ stylesheets }) => stylesheets, 'rel="stylesheet"'),
    ...all(({ imports }) => imports, 'rel="modulepreload"'),
  ]
}
