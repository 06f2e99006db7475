import { expect, type BrowserContext, type Page } from '@playwright/test'
import { AgentAtWork } from './support/people.ts'
import { seeInbox, seeOutside } from './support/places.ts'
import { startServer, type TestServer } from './support/server.ts'
import { test } from './support/story.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(async () => {
  await server.remove()
})

const NARROW = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }

/** What is wider than its place: the page, or a part that can only be read by scrolling it sideways. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (each: Element) => /auto|scroll/.test(getComputedStyle(each).overflowX)
    return (
      [document.documentElement, ...document.querySelectorAll('body *')]
        .filter((each) => each === document.documentElement || scrolls(each))
        // The views are a row that one pushes along, as on every phone.
        .filter((each) => !each.matches('nav') && each.scrollWidth > each.clientWidth + 1)
        .map((each) => `${each.tagName}.${each.className}: ${each.scrollWidth} in ${each.clientWidth}`)
    )
  })
}

for (const direction of ['ltr', 'rtl']) {
  test(`no page is wider than a small phone, ${direction}`, async ({ browser }) => {
    const look = async (place: string, page: Page): Promise<void> => {
      await page.evaluate((dir) => (document.documentElement.dir = dir), direction)
      expect.soft(await tooWide(page), place).toEqual([])
      // A page that has grown to the left has no scroll width: what can be reached by hand must be on the screen.
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('main button, main a[href], main input, main textarea')]
          .map((each) => ({ each, box: each.getBoundingClientRect() }))
          .filter(
            ({ each, box }) => box.width > 0 && !each.closest('nav') && (box.left < -1 || box.right > innerWidth + 1),
          )
          .map(({ each }) => each.outerHTML.slice(0, 120)),
      )
      expect.soft(outside, `${place}: what can be reached`).toEqual([])
    }
    await seeOutside(browser, server, NARROW, look)
    await seeInbox(browser, server, NARROW, look)
  })
}

/** The sum of all shifts so far that nobody has caused by a key or a click. */
function shiftOf(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0
        const add = (entries: PerformanceEntryList) => {
          for (const entry of entries as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
            if (!entry.hadRecentInput) sum += entry.value
        }
        const observer = new PerformanceObserver((list) => add(list.getEntries()))
        observer.observe({ type: 'layout-shift', buffered: true })
        // Two frames: what is drawn last has been laid out.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            add(observer.takeRecords())
            resolve(sum)
          }),
        )
      }),
  )
}

async function loads(context: BrowserContext, url: string, shown: (page: Page) => Promise<void>): Promise<number> {
  const page = await context.newPage()
  await page.goto(url)
  await shown(page)
  await page.evaluate(() => document.fonts.ready)
  const shift = await shiftOf(page)
  await page.close()
  return shift
}

for (const [size, viewport] of Object.entries({
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
})) {
  test(`nothing jumps while the inbox loads, on the first visit and on later ones, ${size}`, async ({ browser }) => {
    const before = await AgentAtWork.signIn(browser, server, 'Ada', { viewport })
    await before.open('Priya Nair')
    const thread = before.page.url()
    const storageState = { cookies: await before.context.cookies(), origins: [] }
    await before.context.close()
    const list = async (page: Page) => {
      await expect(page.getByRole('list', { name: 'Conversations' })).toBeVisible()
      await expect(page.getByRole('status', { name: 'Connection' }).getByText('Live')).toBeVisible()
    }
    const log = async (page: Page) => {
      await expect(page.getByRole('log').getByText('delivery to Edinburgh')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Close conversation' })).toBeVisible()
    }
    const context = await browser.newContext({ storageState, viewport })
    for (const visit of ['first', 'second']) {
      expect.soft(await loads(context, `${server.inbox}/inbox`, list), `${visit}: the list`).toBeLessThanOrEqual(0.02)
      expect.soft(await loads(context, thread, log), `${visit}: a thread`).toBeLessThanOrEqual(0.02)
    }
    await context.close()
  })
}

test('nothing jumps while the widget loads, on the first visit and on later ones', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 380, height: 640 } })
  for (const visit of ['first', 'second']) {
    const shift = await loads(context, `${server.inbox}/widget?inbox=demo`, async (page) => {
      await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible()
    })
    expect.soft(shift, `${visit} visit`).toBeLessThanOrEqual(0.02)
  }
})
