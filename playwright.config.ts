import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.mjs'

const executablePath = findChromium()

// No webServer: each story starts its own server, on a free port, with an empty data folder (tests/e2e).
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  workers: 2,
  // A test that passes the second time has found something.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    headless: true,
    // Recording costs as much as the stories themselves: `npm run test:e2e -- --trace retain-on-failure` for one that fails.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      // The browser is to talk to our server and to nobody else.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Replaces Playwright's own list, which switches off the partitioning of storage that browsers in the street
        // have: without it an iframe of another origin gets no IndexedDB, and the widget would keep nothing.
        '--disable-features=Translate',
      ],
    },
  },
})
