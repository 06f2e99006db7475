// `npm start`: builds what a pull has made stale, then runs the server. Plain JavaScript for Node 18 and newer: it is
// what finds the Node that runs the rest.
import { ensureAllBuilt } from './build.mjs'
import { script, SERVER_FLAGS, standInFor, startNode } from './run.mjs'
import { checkDependencies } from './sources.mjs'

await script(async () => {
  checkDependencies()
  await ensureAllBuilt()
  return standInFor(startNode([...SERVER_FLAGS, 'sync-server/main.ts']))
})
