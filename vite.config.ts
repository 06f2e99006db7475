import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

// The agents' app. The widget is built apart from it (vite.widget.config.ts), so that visitors load none of it.
export default defineConfig({
  plugins: [sveltekit()],
  // Written while the server runs, and no source of the app.
  server: { watch: { ignored: ['**/build/**', '**/data/**', '**/test-results/**'] } },
  // SvelteKit builds inside a callback; how long it took is no warning.
  build: { rolldownOptions: { checks: { pluginTimings: false } } },
})
