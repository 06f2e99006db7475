import { defineConfig } from 'vitest/config'

const project = (name: string, testTimeout: number) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], environment: 'node', testTimeout },
})

// No SvelteKit plugin: what these test is plain TypeScript, and components are tested in a browser (tests/e2e).
export default defineConfig({
  test: {
    // Timeouts only end a hang; they leave room for a slow machine.
    projects: [
      project('unit', 20_000),
      project('contract', 30_000),
      project('simulation', 120_000),
      project('crash', 300_000),
    ],
    passWithNoTests: false,
    // By default one core is left idle.
    maxWorkers: '100%',
    globalSetup: 'tests/support/texts-setup.ts',
  },
})
