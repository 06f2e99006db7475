// `npm run screenshots`: pictures of the built app in every state, theme and size (tests/screenshots). `-- thread` takes
// one state; `-- --docs` takes the README's pictures.
import { ensureAllBuilt } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { runNode, script } from './run.mjs'

await script(async () => {
  await ensureAllBuilt()
  const PARLEY_CHROMIUM = ensureChromium()
  return runNode(['tests/screenshots/main.ts', ...process.argv.slice(2)], { PARLEY_CHROMIUM })
})
