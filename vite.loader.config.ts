import { defineConfig } from 'vite'

// The script that a customer's page includes: one classic file with a fixed name, since its address is in their HTML.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'build/widget',
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: 'src/widget/loader.ts', name: 'Parley', formats: ['iife'], fileName: () => 'widget.js' },
  },
})
