// `npm run dev`: the server restarts when its files change; Vite, mounted in it, reloads the app; the widget is rebuilt.
import { BUILDS, ensureTexts, forget } from './build.mjs'
import { bin, script, standInFor, startNode } from './run.mjs'
import { checkDependencies } from './sources.mjs'

// Folders, not whatever is imported: Vite imports a temporary copy of its configuration, and would restart us for ever.
const WATCH = ['--watch-path=sync-server', '--watch-path=src/conversation', '--watch-preserve-output']

await script(async () => {
  checkDependencies()
  await ensureTexts()
  // From now on build/widget follows the editor, not a hash.
  forget('widget')
  const watchers = BUILDS.widget.configs.map((config) =>
    startNode([bin('vite'), 'build', '--watch', '--config', config, '--logLevel', 'warn']),
  )
  try {
    return await standInFor(startNode([...WATCH, 'sync-server/main.ts'], { PARLEY_DEV: '1' }))
  } finally {
    for (const watcher of watchers) watcher.kill()
  }
})
