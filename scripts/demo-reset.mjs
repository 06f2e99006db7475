// `npm run demo:reset`: puts the demo workspace back, and refuses to touch anything else.
import { runNode, script } from './run.mjs'
import { checkDependencies } from './sources.mjs'

await script(async () => {
  checkDependencies()
  return runNode(['sync-server/demo/reset-main.ts'])
})
