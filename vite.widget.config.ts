import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const instead = (name: string) => here(`src/widget/instead/${name}.ts`)

// The page inside the widget's iframe, served below /widget/. The loader beside it is vite.loader.config.ts.
export default defineConfig(({ command }) => ({
  root: 'src/widget',
  base: '/widget/',
  publicDir: false,
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess(), dynamicCompileOptions: runesForOurs })],
  // Visitors pay for every byte: what the widget cannot reach of its libraries is left out. Each module in src/widget/instead
  // says why; one that lacks something which a newer library asks for fails the build.
  resolve: { alias: command === 'build' ? LEFT_OUT : [] },
  define: command === 'build' ? { process: 'undefined' } : {},
  build: {
    outDir: '../../build/widget',
    // The loader is written to the same folder; scripts/build.mjs empties it before either.
    emptyOutDir: false,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Reading a property, setting one on something that nobody uses, and naming a global do nothing in what we bundle.
      treeshake: {
        propertyReadSideEffects: false,
        propertyWriteSideEffects: false,
        unknownGlobalSideEffects: false,
      },
    },
  },
}))

const LEFT_OUT = [
  { find: 'lib0/logging', replacement: instead('lib0-logging') },
  { find: 'lib0/broadcastchannel', replacement: instead('lib0-broadcastchannel') },
  { find: /^(?:\.\.?\/)+(?:dom\/)?hydration\.js$/, replacement: instead('svelte-hydration') },
  // Its sources instead of its one file, so that modules can be left out.
  { find: /^yjs$/, replacement: here('node_modules/yjs/src/index.js') },
  { find: /^\.\/types\/(?:YText|YXml\w+)\.js$/, replacement: instead('yjs-text') },
]

function runesForOurs({ filename }: { filename: string }) {
  return filename.includes('node_modules') ? undefined : { runes: true }
}
