import { expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test'
import { accessible } from './support/accessible.ts'
import { startServer, type TestServer } from './support/server.ts'
import { test } from './support/story.ts'
import { strictWebsite } from './support/website.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(async () => {
  await server.remove()
})

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

async function visit(browser: Browser, options: BrowserContextOptions = {}, address = `${server.website}/demo`) {
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(address)
  const launcher = page.getByRole('button', { name: /^(Open|Close) chat/ })
  await expect(launcher).toBeVisible()
  const widget = page.frameLocator('iframe[title=Chat]')
  return { page, launcher, widget, composer: widget.getByRole('textbox', { name: 'Message' }) }
}

const overflow = (page: Page) => page.evaluate(() => document.documentElement.style.overflow)

test('the page is untouched until somebody reaches for the chat; Escape gives the focus back', async ({ browser }) => {
  const { page, launcher, widget, composer } = await visit(browser)
  const session: string[] = []
  page.on('request', (request) => request.url().includes('/api/widget/session') && session.push(request.url()))
  await expect(page.locator('iframe')).toHaveCount(0)
  await expect(launcher).toHaveAttribute('aria-expanded', 'false')

  await launcher.hover()
  await expect(page.locator('iframe')).toHaveCount(1)
  // Loaded just in case: nobody has become known.
  await expect(widget.locator('main')).toBeAttached()
  expect(session).toEqual([])
  expect(await page.evaluate(() => localStorage.length)).toBe(0)

  await launcher.click()
  await expect(composer).toBeFocused()
  await expect(launcher).toHaveAttribute('aria-expanded', 'true')
  await expect(launcher).toHaveAccessibleName('Close chat')
  await page.keyboard.press('Escape')
  await expect(launcher).toBeFocused()
  await expect(launcher).toHaveAttribute('aria-expanded', 'false')
  await expect(composer).toBeHidden()

  await page.evaluate(() => window.Parley?.push(['open']))
  await expect(composer).toBeFocused()
  await page.evaluate(() => window.Parley?.push(['toggle']))
  await expect(composer).toBeHidden()
})

test('it works under a strict policy, and the website’s CSS does not reach it', async ({ browser }) => {
  const website = await strictWebsite(server.inbox)
  const violations: string[] = []
  try {
    const page = await (await browser.newContext()).newPage()
    page.on('console', (message) => message.type() === 'error' && violations.push(message.text()))
    await page.goto(website.origin)
    const launcher = page.getByRole('button', { name: 'Open chat' })
    await expect(launcher).toBeVisible()
    const size = { width: 1280, height: 720 }
    expect(await launcher.boundingBox()).toEqual({ x: size.width - 76, y: size.height - 76, width: 56, height: 56 })
    await launcher.click()
    await expect(page.frameLocator('iframe[title=Chat]').getByRole('textbox', { name: 'Message' })).toBeVisible()
    const panel = await page.locator('iframe').boundingBox()
    expect(panel).toMatchObject({ x: size.width - 400, width: 380, height: size.height - 112 })
    // The page's own style attribute is the one thing that its policy forbids.
    expect(violations.filter((text) => !text.includes('inline style'))).toEqual([])
  } finally {
    await website.close()
  }
})

test('a chat that does not load leaves the page alone, says so when asked for, and can be tried again', async ({
  browser,
}) => {
  const { page, launcher, composer } = await visit(browser)
  const pattern = /\/widget\?/
  await page.route(pattern, (route) => route.abort())
  await launcher.click()
  await expect(page.getByRole('alert')).toContainText('could not be loaded')
  await expect(page.locator('iframe')).toHaveCount(0)
  await page.unroute(pattern)
  await launcher.click()
  await expect(composer).toBeVisible()
  await expect(page.getByRole('alert')).toBeHidden()
})

test('messages of other windows and other origins are not listened to', async ({ browser }) => {
  const { page, launcher, widget, composer } = await visit(browser)
  await launcher.click()
  await expect(composer).toBeVisible()
  const kept = await page.evaluate(() => localStorage.getItem('parley:demo'))
  await page.evaluate(async () => {
    const forged = [{ is: 'close' }, { is: 'keep', kept: null }].map((message) => ({ parley: message }))
    for (const each of forged) window.postMessage(each, location.origin)
    // Of the page's origin, but into the app: only the loader's answers to its hello come from here too.
    const stranger = document.createElement('iframe')
    document.body.append(stranger)
    const frame = document.querySelector('parley-chat')?.shadowRoot?.querySelector('iframe')
    const script = 'target.postMessage({ parley: { is: "hidden" } }, "*")'
    const realm = stranger.contentWindow as (Window & typeof globalThis) | null
    realm?.Function('target', script)(frame?.contentWindow)
    await new Promise((resolve) => setTimeout(resolve))
  })
  await widget.getByRole('textbox', { name: 'Message' }).fill('Still here')
  await expect(composer).toHaveValue('Still here')
  expect(await page.evaluate(() => localStorage.getItem('parley:demo'))).toBe(kept)
})

test('on a phone it takes the whole screen, and gives the page back as it was', async ({ browser }) => {
  const { page, launcher, widget, composer } = await visit(browser, PHONE)
  await page.evaluate(() => window.scrollTo(0, 500))
  const before = await page.evaluate(() => window.scrollY)
  expect(before).toBeGreaterThan(0)
  await launcher.tap()
  await expect(composer).toBeVisible()
  expect(await page.locator('iframe').boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
  expect(await overflow(page)).toBe('hidden')
  expect(await composer.evaluate((field) => getComputedStyle(field).fontSize)).toBe('16px')
  await widget.getByRole('button', { name: 'Close chat' }).tap()
  await expect(composer).toBeHidden()
  expect(await overflow(page)).toBe('')
  expect(await page.evaluate(() => window.scrollY)).toBe(before)
})

test('a returning visitor’s unread count is there without the iframe', async ({ browser }) => {
  const { page, launcher, widget, composer } = await visit(browser)
  await launcher.click()
  await composer.fill('Hello')
  await composer.press('Enter')
  await expect(widget.getByRole('img', { name: 'Sent' })).toBeVisible()
  await page.route('**/api/widget/inbox?*', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), unread: 2 } })
  })
  await page.goto(`${server.website}/demo/repairs.html`)
  await expect(launcher).toHaveAccessibleName('Open chat, 2 new messages')
  await expect(page.locator('iframe')).toHaveCount(0)
  await launcher.click()
  await expect(widget.getByText('Hello', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(launcher).toHaveAccessibleName('Open chat')
})

test('without the server it says that messages wait, and sends them later', async ({ browser }) => {
  const { launcher, widget, composer } = await visit(browser)
  await launcher.click()
  await expect(composer).toBeVisible()
  await server.kill()
  await composer.fill('Is anybody there?')
  await composer.press('Enter')
  await expect(widget.getByText('Your messages wait on this device.')).toBeVisible()
  await expect(widget.getByRole('img', { name: 'On this device, not sent yet' })).toBeVisible()
  await server.start()
  await expect(widget.getByRole('img', { name: 'Sent' })).toBeVisible({ timeout: 20_000 })
  await expect(widget.getByText('Your messages wait on this device.')).toBeHidden()
})

test('an address that is none is told so, and one can be changed', async ({ browser }) => {
  const { launcher, widget, composer } = await visit(browser)
  await launcher.click()
  await composer.fill('Hello')
  await composer.press('Enter')
  const email = widget.getByRole('textbox', { name: 'E-mail' })
  await email.fill('robin')
  await email.press('Enter')
  await expect(widget.getByRole('alert')).toHaveText('This does not look like an e-mail address.')
  await expect(email).toBeFocused()
  await email.fill('robin@example.com')
  await email.press('Enter')
  await expect(widget.getByText('Answers also go to robin@example.com')).toBeVisible()
  await widget.getByRole('button', { name: 'Change', exact: true }).click()
  await email.fill('robin@example.org')
  await widget.getByRole('button', { name: 'Save' }).click()
  await expect(widget.getByText('Answers also go to robin@example.org')).toBeVisible()
  await expect(widget.getByText('robin@example.com')).toHaveCount(0)
})

test('the visitor ends the chat, rates it, goes on in it, and starts a new one', async ({ browser }) => {
  const { launcher, widget, composer } = await visit(browser)
  await launcher.click()
  await composer.fill('Thank you')
  await composer.press('Enter')
  await widget.getByRole('button', { name: 'More' }).click()
  await expect(widget.getByRole('menuitem').first()).toBeFocused()
  await widget.getByRole('menuitem', { name: 'End this chat' }).click()
  await expect(widget.getByText('This chat has ended.')).toBeVisible()
  await widget.getByRole('button', { name: '4 of 5' }).click()
  await expect(widget.getByText('You gave 4 of 5.')).toBeVisible()
  await widget.getByRole('button', { name: 'Continue this chat' }).click()
  await composer.fill('One more thing')
  await composer.press('Enter')
  await expect(widget.getByText('The chat goes on')).toBeVisible()
  await widget.getByRole('button', { name: 'More' }).click()
  await widget.getByRole('menuitem', { name: 'End this chat' }).click()
  await widget.getByRole('button', { name: 'Start a new chat' }).click()
  await expect(composer).toBeFocused()
  await expect(widget.getByText('Thank you')).toHaveCount(0)
})

for (const color of ['#0f6a68', '#ffe600']) {
  test(`an inbox of the colour ${color} is accessible`, async ({ browser }) => {
    const context = await browser.newContext()
    await context.route('**/api/widget/session', async (route) => {
      const response = await route.fetch()
      const session = await response.json()
      await route.fulfill({ response, json: { ...session, inbox: { ...session.inbox, color } } })
    })
    const page = await context.newPage()
    // The app as a page of its own: what is in the frame, without the website around it.
    await page.goto(`${server.inbox}/widget?inbox=demo`)
    const composer = page.getByRole('textbox', { name: 'Message' })
    await expect(composer).toBeVisible()
    await accessible('the chat, before a word', page)
    await composer.fill('A message with https://example.com/a-link')
    await composer.press('Enter')
    await expect(page.getByRole('img', { name: 'Sent' })).toBeVisible()
    await accessible('the chat, with a message', page)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'End this chat' }).click()
    await expect(page.getByText('This chat has ended.')).toBeVisible()
    await accessible('the chat, when it has ended', page)
  })
}

test('the launcher’s icon stands out from any colour', async ({ browser }) => {
  const context = await browser.newContext()
  const colours = { '#ffe600': 0, '#ffffff': 0, '#8a8a8a': 0, '#0f6a68': 100, '#1b1b1b': 100, '#c2185b': 100 }
  for (const [color, lightness] of Object.entries(colours)) {
    const page = await context.newPage()
    await page.route('**/api/widget/inbox?*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), color, side: 'left' } })
    })
    await page.goto(`${server.website}/demo`)
    const launcher = page.getByRole('button', { name: 'Open chat' })
    await expect(launcher).toHaveCSS('left', '20px')
    await expect(launcher).toHaveCSS('color', `lch(${lightness} 0 0)`)
    await page.close()
  }
})
