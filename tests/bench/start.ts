import { chromium, type BrowserContext, type Page } from '@playwright/test'
import { AgentAtWork } from '../e2e/support/people.ts'
import { startServer, type TestServer } from '../e2e/support/server.ts'

/** From the line that `npm start` prints to an inbox that can be read, for an agent who is signed in. */
export interface Start {
  /** `cold`: a browser that was never here. `warm`: one that was, with the app and the data that the device keeps. */
  visit: 'cold' | 'warm'
  /** The first words of the page are painted, ms. */
  painted: number
  /** The first conversation can be read in the list, ms. */
  readable: number
  /** What went over the wire for it, in bytes, headers included. */
  transferred: number
}

/** Measures visits to a server that has just said where it listens; the browser runs already. */
export async function measureStart(runs: number): Promise<Start[]> {
  const executablePath = process.env['PARLEY_CHROMIUM']
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
  const server = await startServer()
  const results: Start[] = []
  try {
    const ada = await AgentAtWork.signIn(browser, server, 'Ada')
    const storageState = { cookies: await ada.context.cookies(), origins: [] }
    await ada.context.close()
    for (let run = 1; run <= runs; run++) {
      const context = await browser.newContext({ storageState })
      for (const visit of ['cold', 'warm'] as const) results.push({ visit, ...(await measureVisit(server, context)) })
      await context.close()
    }
  } finally {
    await browser.close()
    await server.remove()
  }
  return results
}

async function measureVisit(server: TestServer, context: BrowserContext): Promise<Omit<Start, 'visit'>> {
  const page = await context.newPage()
  await server.kill()
  await server.start()
  const printed = performance.now()
  await page.goto(`${server.inbox}/inbox`, { waitUntil: 'commit' })
  await page.locator('[data-conversation]').first().getByText(/\w/).first().waitFor()
  const readable = performance.now() - printed
  const result = { readable, ...(await fromPage(page)) }
  // Whoever has been there has the app: it is kept a moment after it is shown.
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  await page.close()
  return result
}

function fromPage(page: Page): Promise<{ painted: number; transferred: number }> {
  return page.evaluate(() => {
    const loads = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    return {
      painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      transferred: (loads as PerformanceResourceTiming[]).reduce((sum, { transferSize }) => sum + transferSize, 0),
    }
  })
}
