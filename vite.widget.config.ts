import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

// The page inside the widget's iframe, served below /widget/. The loader beside it is vite.loader.config.ts.
export default defineConfig({
  root: 'src/widget',
  base: '/widget/',
  publicDir: false,
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess(), dynamicCompileOptions: runesForOurs })],
  build: {
    outDir: '../../build/widget',
    // The loader is written to the same folder; scripts/build.mjs empties it before either.
    emptyOutDir: false,
  },
})

function runesForOurs({ filename }: { filename: string }) {
  return filename.includes('node_modules') ? undefined : { runes: true }
}
