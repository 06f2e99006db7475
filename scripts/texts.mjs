// Compiles the catalogues of texts/ into functions, one module for each language, so that a browser loads only its own.
import { compile } from '@inlang/paraglide-js'
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, script } from './run.mjs'
import { hashOf } from './sources.mjs'

/** Where each catalogue's compiled texts go: into the room that says them. Git ignores them. */
export const CATALOGUES = {
  inbox: 'src/lib/texts/compiled',
  widget: 'src/widget/texts/compiled',
  mail: 'sync-server/mail/texts/compiled',
}

/** Makes the compiled texts agree with the catalogues; takes no time when they do. */
export async function ensureTexts() {
  for (const [name, folder] of Object.entries(CATALOGUES)) await ensureCatalogue(name, folder)
}

/** @param {string} name @param {string} folder */
async function ensureCatalogue(name, folder) {
  const compiler = 'node_modules/@inlang/paraglide-js/package.json'
  const hash = hashOf([`texts/${name}`, `texts/${name}.inlang/settings.json`, 'scripts/texts.mjs', compiler])
  const outdir = path.join(root, folder)
  // Written last: it is there only if everything else is.
  const mark = path.join(outdir, 'hash')
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === hash) return
  await compile({
    project: path.join(root, 'texts', `${name}.inlang`),
    outdir,
    outputStructure: 'locale-modules',
    strategy: ['baseLocale'],
    emitGitIgnore: false,
    emitPrettierIgnore: false,
    emitReadme: false,
  })
  // Nobody asks it which language to speak: it is there for its types, and made for a browser.
  const runtime = path.join(outdir, 'runtime.js')
  fs.writeFileSync(runtime, `// @ts-nocheck\n${fs.readFileSync(runtime, 'utf8')}`)
  for (const unused of ['messages.js', 'messages/_index.js', 'server.js']) fs.rmSync(path.join(outdir, unused))
  fs.writeFileSync(mark, hash)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    await ensureTexts()
    return 0
  })
}
