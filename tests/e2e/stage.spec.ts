import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import { accessible } from './support/accessible.ts'
import { startServer, type TestServer } from './support/server.ts'
import { test } from './support/story.ts'

type Who = 'visitor' | 'ada' | 'bo'

/** Three apps start at once, on whatever machine this is. In ms. */
const START_WITHIN = 30_000

const NAMES = { visitor: 'Robin', ada: 'Ada', bo: 'Bo' }

/** The stage in one browser: three people, each in a frame. */
class OnStage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  static async open(page: Page, server: TestServer): Promise<OnStage> {
    await page.goto(`${server.inbox}/demo/stage`)
    const stage = new OnStage(page)
    for (const who of ['visitor', 'ada', 'bo'] as const) {
      await expect(stage.log(who).getByText('reading lamp in brass')).toBeAttached({ timeout: START_WITHIN })
    }
    return stage
  }

  /** The page that somebody works in: the inbox, or the chat on the website. */
  at(who: Who): FrameLocator {
    const frame = this.page.frameLocator(`iframe[name=parley-seat-${who}]`)
    return who === 'visitor' ? frame.frameLocator('iframe') : frame
  }

  log(who: Who): Locator {
    return this.at(who).getByRole('log', { name: 'Conversation' })
  }

  line(who: Who): Locator {
    return this.page.getByRole('switch', { name: `Network of ${NAMES[who]}` })
  }

  waiting(who: Who): Locator {
    return this.page.locator(`#stage-place-${who}`).getByText(/^\d+ waiting$/)
  }

  async say(who: Who, words: string): Promise<void> {
    const frame = this.at(who)
    await frame.getByRole('textbox', { name: who === 'visitor' ? 'Message' : 'Reply' }).fill(words)
    await frame.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(this.log(who).getByText(words)).toBeVisible()
  }

  /** These words in the order in which somebody reads them; each stands there as often as it does in the answer. */
  async reads(who: Who, words: readonly string[]): Promise<string[]> {
    const text = await this.log(who).innerText()
    return [...text.matchAll(new RegExp(words.join('|'), 'g'))].map(([found]) => found)
  }
}

// Whole apps in three frames, each of which takes the time of a page.
test.setTimeout(120_000)

let server: TestServer
test.beforeEach(async () => {
  server = await startServer()
})
test.afterEach(() => server.remove())

for (const order of [
  ['ada', 'bo'],
  ['bo', 'ada'],
] as const) {
  test(`two agents are unplugged, everybody writes, ${order.join(' then ')} come back: one timeline, nothing lost or doubled`, async ({
    page,
  }) => {
    const stage = await OnStage.open(page, server)
    for (const who of order) {
      await stage.line(who).click()
      await expect(stage.line(who)).not.toBeChecked()
    }

    await stage.say('ada', 'Ada one')
    await stage.say('bo', 'Bo one')
    await stage.say('visitor', 'Robin one')
    await stage.say('bo', 'Bo two')
    await stage.say('ada', 'Ada two')
    await stage.say('visitor', 'Robin two')
    const all = ['Ada one', 'Ada two', 'Bo one', 'Bo two', 'Robin one', 'Robin two']

    await expect(stage.waiting('ada')).toHaveText('2 waiting')
    await expect(stage.waiting('bo')).toHaveText('2 waiting')
    await expect(stage.waiting('visitor')).toHaveText('0 waiting')
    expect(await stage.reads('ada', all)).toEqual(['Ada one', 'Ada two'])
    expect(await stage.reads('bo', all)).toEqual(['Bo one', 'Bo two'])
    expect(await stage.reads('visitor', all)).toEqual(['Robin one', 'Robin two'])

    // All that they wrote is on their devices: a page that is loaded anew without a network has it.
    await stage
      .at('ada')
      .locator('body')
      .evaluate(() => location.reload())
    await expect.poll(() => stage.reads('ada', all)).toEqual(['Ada one', 'Ada two'])
    await expect(stage.waiting('ada')).toHaveText('2 waiting')

    for (const who of order) {
      await stage.line(who).click()
      await expect(stage.line(who)).toBeChecked()
      await expect(stage.waiting(who)).toHaveText('0 waiting')
    }
    const [first, second] = order.map((who) => NAMES[who])
    const timeline = ['Robin one', 'Robin two', `${first} one`, `${first} two`, `${second} one`, `${second} two`]
    for (const who of ['visitor', 'ada', 'bo'] as const) {
      await expect.poll(() => stage.reads(who, all), NAMES[who]).toEqual(timeline)
    }
    // And it stays so: what has been sent is not sent again by a page that begins anew.
    await page.reload()
    for (const who of ['visitor', 'ada', 'bo'] as const) {
      await expect(stage.log(who).getByText('Robin one')).toBeAttached({ timeout: START_WITHIN })
      await expect.poll(() => stage.reads(who, all), NAMES[who]).toEqual(timeline)
      await expect(stage.waiting(who)).toHaveText('0 waiting')
    }
  })
}

test('the visitor is unplugged, and writes all the same', async ({ page }) => {
  const stage = await OnStage.open(page, server)
  await stage.line('visitor').click()
  await stage.say('visitor', 'Is anybody there?')
  await expect(stage.waiting('visitor')).toHaveText('1 waiting')
  await stage.say('ada', 'We are here')
  await expect(stage.log('bo').getByText('We are here')).toBeVisible()
  expect(await stage.reads('visitor', ['We are here'])).toEqual([])
  expect(await stage.reads('ada', ['Is anybody there'])).toEqual([])
  await stage.line('visitor').click()
  await expect(stage.waiting('visitor')).toHaveText('0 waiting')
  await expect(stage.log('ada').getByText('Is anybody there?')).toBeVisible()
  await expect(stage.log('visitor').getByText('We are here')).toBeVisible()
})

test('each is somebody else, with a storage of their own, and none of them is who sits at the browser', async ({
  page,
}) => {
  await page.goto(`${server.inbox}/`)
  await page.getByRole('button', { name: /Cy Moreau/ }).click()
  await expect(page.getByRole('list', { name: 'Conversations' })).toBeVisible()
  const stage = await OnStage.open(page, server)
  const names = await page.evaluate(async () =>
    Promise.all(
      ['/demo/seat/ada/api/session', '/demo/seat/bo/api/session', '/api/session'].map(async (path) => {
        const { name } = (await (await fetch(path)).json()) as { name: string }
        return name
      }),
    ),
  )
  expect(names).toEqual(['Ada Brandt', 'Bo Eriksen', 'Cy Moreau'])
  await stage.say('ada', 'Only on a device of mine')
  const databases = await page.evaluate(async () => (await indexedDB.databases()).map(({ name = '' }) => name))
  for (const seat of ['visitor', 'ada', 'bo']) {
    expect(databases.some((name) => name.startsWith(`parley/stage/${seat}/`))).toBe(true)
  }
  await page.goto(`${server.inbox}/`)
  await page
    .getByRole('button', { name: /Cy Moreau/ })
    .first()
    .click()
  await expect(page.getByText('cy@example.com')).toBeVisible()
})

test('on a phone one place is shown at a time, chosen by tabs, also with the keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const stage = await OnStage.open(page, server)
  await expect(stage.at('visitor').getByRole('textbox', { name: 'Message' })).toBeVisible()
  await expect(stage.log('ada')).not.toBeVisible()
  await page.getByRole('tab', { name: 'Website' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('tab', { name: 'Ada' })).toBeFocused()
  await expect(stage.log('ada')).toBeVisible()
  await stage.line('ada').press('Space')
  await expect(stage.line('ada')).not.toBeChecked()
  await stage.say('ada', 'From a train')
  await page.getByRole('tab', { name: 'Bo' }).click()
  await expect(stage.log('ada')).not.toBeVisible()
  await expect(page.getByRole('tab', { name: 'Ada' })).toContainText('1 waits to be sent')
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

test('the stage is clean for assistive tools', async ({ browser }) => {
  const context = await browser.newContext()
  const stage = await OnStage.open(await context.newPage(), server)
  await accessible('the stage as it begins', stage.page)
  await stage.line('ada').click()
  await stage.say('ada', 'Later')
  await accessible('the stage with a line cut', stage.page)
  await stage.page.setViewportSize({ width: 390, height: 844 })
  await accessible('the stage on a phone', stage.page)
})

test('the sign-in page leads to the stage', async ({ page }) => {
  await page.goto(`${server.inbox}/`)
  await page.getByRole('link', { name: /three people on one page/ }).click()
  await expect(page.getByRole('heading', { name: 'One conversation, three people' })).toBeVisible()
})
