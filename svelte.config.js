import adapter from '@sveltejs/adapter-static'
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { withPreloads } from './scripts/preloads.mjs'

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  vitePlugin: {
    // Our own components use runes, all of them; packages may still be older.
    dynamicCompileOptions: ({ filename }) => (filename.includes('node_modules') ? undefined : { runes: true }),
  },
  kit: {
    // One page answers every route: the sync server has no renderer, and without a network there is none anyway.
    adapter: withPreloads(adapter({ pages: 'build/app', fallback: '200.html' }), 'build/app/200.html'),
    paths: { relative: false },
    // The inbox registers it itself, and hears of new versions (src/lib/shell/updates.svelte.ts).
    serviceWorker: { register: false },
    // The page's own inline script is allowed by its hash; nothing else inline runs.
    csp: { mode: 'hash', directives: { 'script-src': ['self'], 'object-src': ['none'], 'base-uri': ['none'] } },
    // The same sources make the same version on every node of a cluster, so that devices do not flip between them.
    // scripts/build.mjs sets it; without it, SvelteKit takes the time, once.
    ...(process.env.PARLEY_BUILD && { version: { name: process.env.PARLEY_BUILD } }),
    typescript: {
      config: (config) => {
        config.include.push(
          '../sync-server/**/*.ts',
          '../scripts/**/*.mjs',
          '../*.config.ts',
          '../*.config.js',
          '../.dependency-cruiser.cjs',
          '../.size-limit.mjs',
        )
      },
    },
  },
}
