import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { readFileSync } from 'node:fs'
import { minify } from 'terser'
import { defineConfig, type Plugin } from 'vite'
import { LANGUAGES } from './src/conversation/languages.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const instead = (name: string) => here(`src/widget/instead/${name}.ts`)

// The page inside the widget's iframe, served below /widget/. The loader beside it is vite.loader.config.ts.
export default defineConfig(({ command }) => ({
  root: 'src/widget',
  base: '/widget/',
  publicDir: false,
  plugins: [
    svelte({ configFile: false, preprocess: vitePreprocess(), dynamicCompileOptions: runesForOurs }),
    launcherWords(),
    minifiedAgain(),
  ],
  // Visitors pay for every byte: what the widget cannot reach of its libraries is left out. Each module in src/widget/instead
  // says why; one that lacks something which a newer library asks for fails the build.
  resolve: { alias: command === 'build' ? LEFT_OUT : [] },
  define: command === 'build' ? { process: 'undefined' } : {},
  build: {
    outDir: '../../build/widget',
    // The loader is written to the same folder; scripts/build.mjs empties it before either.
    emptyOutDir: false,
    manifest: true,
    modulePreload: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
    },
  },
}))

/** For the tests, too: what is left must do what the whole does. */
export const LEFT_OUT = [
  { find: 'lib0/logging', replacement: instead('lib0-logging') },
  { find: 'lib0/broadcastchannel', replacement: instead('lib0-broadcastchannel') },
  { find: /^(?:\.\.?\/)+(?:dom\/)?hydration\.js$/, replacement: instead('svelte-hydration') },
  { find: /^(?:\.\.?\/)+proxy\.js$/, replacement: instead('svelte-proxy') },
  // Its sources instead of its one file, so that modules can be left out.
  { find: /^yjs$/, replacement: here('node_modules/yjs/src/index.js') },
  { find: '\0vite/preload-helper.js', replacement: instead('vite-preload') },
  // One of the two encodings is enough.
  { find: './utils/UpdateEncoder.js', replacement: instead('yjs-encoders') },
  { find: './utils/UpdateDecoder.js', replacement: instead('yjs-decoders') },
  {
    find: /^\.\/(?:types\/(?:YText|YXml\w+)|structs\/Content(?:Binary|Doc|Embed|Format|JSON|String|Type)|utils\/YEvent)\.js$/,
    replacement: instead('yjs-values'),
  },
]

/** The launcher is on the host page before the app is there: what it says comes from the server, which reads it here. */
function launcherWords(): Plugin {
  const said = { open: 'open', close: 'close', one: 'unread_one', other: 'unread_other', failed: 'failed' }
  const read = (language: string) => {
    const texts = JSON.parse(readFileSync(here(`texts/widget/${language}.json`), 'utf8')) as Record<string, string>
    return Object.fromEntries(Object.entries(said).map(([name, key]) => [name, texts[`launcher_${key}`]]))
  }
  return {
    name: 'launcher-words',
    generateBundle() {
      const words = Object.fromEntries(LANGUAGES.map((language) => [language, read(language)]))
      this.emitFile({ type: 'asset', fileName: 'launcher.json', source: JSON.stringify(words) })
    },
  }
}

/** Terser after the bundler's own minifier: the two find different things, and together they make it two per cent smaller. */
function minifiedAgain(): Plugin {
  return {
    name: 'minified-again',
    async generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        const { code } = await minify(chunk.code, { module: true, ecma: 2020, compress: { passes: 3 } })
        if (code !== undefined) chunk.code = code
      }
    },
  }
}

function runesForOurs({ filename }: { filename: string }) {
  return filename.includes('node_modules') ? undefined : { runes: true }
}
