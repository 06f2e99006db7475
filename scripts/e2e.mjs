// `npm run test:e2e [-- <Playwright's arguments>]`: the built app and widget, a browser, then the stories.
import { ensureAllBuilt } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { bin, runNode, script } from './run.mjs'

await script(async () => {
  await ensureAllBuilt()
  const PARLEY_CHROMIUM = ensureChromium()
  return runNode([bin('@playwright/test', 'playwright'), 'test', ...process.argv.slice(2)], { PARLEY_CHROMIUM })
})
