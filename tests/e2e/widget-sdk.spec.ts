import { expect, type Browser, type Page } from '@playwright/test'
import type { ParleyApi, ParleyCall, ParleyEvents } from '../../src/widget/host/api.ts'
import { AgentAtWork } from './support/people.ts'
import { startServer, type TestServer } from './support/server.ts'
import { test } from './support/story.ts'
import { scriptTag, startWebsite, type Sent, type Website } from './support/website.ts'

let server: TestServer
const websites: Website[] = []
test.beforeAll(async () => {
  server = await startServer()
})
test.afterEach(async () => {
  for (const website of websites.splice(0)) await website.close()
})
test.afterAll(async () => {
  await server.remove()
})

/** A page that keeps what it was told: `window.told` is a list of event names and details. */
const LISTENS = `<script>
  window.told = []
  window.Parley = window.Parley || []
  for (const name of ['ready', 'open', 'close', 'unread', 'conversationStarted', 'conversationClosed'])
    Parley.push(['on', name, (detail) => told.push([name, detail])])
</script>`

async function visit(browser: Browser, pages: (inbox: string) => Record<string, Sent>) {
  const website = await startWebsite(pages(server.inbox))
  websites.push(website)
  const page = await (await browser.newContext()).newPage()
  await page.goto(website.origin)
  const widget = page.frameLocator('iframe[title=Chat]')
  const launcher = page.getByRole('button', { name: /^(Open|Close) chat/ })
  return { page, website, widget, launcher, composer: widget.getByRole('textbox', { name: 'Message' }) }
}

const plain =
  (head = '') =>
  (inbox: string) => ({
    '/': `<!doctype html><html lang="en"><title>Shop</title>${head}${scriptTag(inbox)}<h1>Shop</h1>`,
  })

/** Makes a call, before or after the script has loaded. */
const call = (page: Page, ...made: ParleyCall) => page.evaluate((each) => window.Parley?.push(each), made)
const shutdown = (page: Page, discard = false) =>
  page.evaluate((each) => (window.Parley as ParleyApi).shutdown(each), discard)
type Told = { [Name in keyof ParleyEvents]: [Name, ParleyEvents[Name]] }[keyof ParleyEvents][]
const told = (page: Page) => page.evaluate(() => (window as unknown as { told: Told }).told)
const events = async (page: Page) => (await told(page)).map(([name]) => name)

test('what a page says before the script has loaded waits for it', async ({ browser }) => {
  const said = `<script>
    window.Parley = window.Parley || []
    Parley.push(['identify', { email: 'robin@example.com', name: 'Robin' }])
    Parley.push(['open', 'Is the oak lamp in stock?'])
  </script>`
  const { page, widget, composer } = await visit(browser, plain(`${LISTENS}${said}`))
  await expect(composer).toHaveValue('Is the oak lamp in stock?')
  await expect(composer).toBeFocused()
  await composer.press('Enter')
  await expect(widget.getByRole('img', { name: 'Sent', exact: true })).toBeVisible()
  // Who they are went with it: nobody is asked for an address.
  await expect(widget.getByText('Answers also go to robin@example.com')).toBeVisible()
  await expect(widget.getByRole('textbox', { name: 'E-mail' })).toHaveCount(0)
  expect(await events(page)).toEqual(['ready', 'open', 'conversationStarted'])
})

test('show, hide, toggle and open do what they say, and tell of it', async ({ browser }) => {
  const { page, composer, launcher } = await visit(browser, plain(LISTENS))
  await expect(launcher).toBeVisible()
  await call(page, 'show')
  await expect(composer).toBeFocused()
  await call(page, 'hide')
  await expect(composer).toBeHidden()
  await call(page, 'toggle')
  await expect(composer).toBeVisible()
  await call(page, 'toggle')
  await expect(composer).toBeHidden()
  await call(page, 'open', 'About my order')
  await expect(composer).toHaveValue('About my order')
  // The visitor's own words are not replaced.
  await composer.fill('My own words')
  await call(page, 'open', 'About my bill')
  await expect(composer).toHaveValue('My own words\nAbout my bill')
  expect(await events(page)).toEqual(['ready', 'open', 'close', 'open', 'close', 'open'])
})

test('a page hears of messages, and of conversations that begin and end', async ({ browser }) => {
  const { page, composer, widget, launcher } = await visit(browser, plain(LISTENS))
  await launcher.click()
  await composer.fill('Tell the page, please')
  await composer.press('Enter')
  await expect(widget.getByRole('img', { name: 'Sent', exact: true })).toBeVisible()
  await call(page, 'hide')
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  await ada.open('Tell the page, please')
  await ada.reply('We do')
  await expect.poll(async () => (await told(page)).at(-1)).toEqual(['unread', { count: 1 }])
  await expect(launcher).toHaveAccessibleName('Open chat, 1 new message')
  await call(page, 'show')
  await expect.poll(async () => (await told(page)).at(-1)).toEqual(['unread', { count: 0 }])
  await ada.close()
  await expect.poll(() => events(page)).toContain('conversationClosed')
  const all = await told(page)
  const conversation = all.find(([name]) => name === 'conversationStarted')?.[1]
  expect(conversation).toEqual({ conversation: expect.stringMatching(/^[0-9A-Z]{26}$/) })
  expect(all.at(-1)).toEqual(['conversationClosed', { ...conversation, by: 'team' }])
})

test('shutdown forgets the visitor, and what starts anew is somebody else', async ({ browser }) => {
  const { page, composer, widget, launcher } = await visit(browser, plain(LISTENS))
  await launcher.click()
  await composer.fill('Only between us')
  await composer.press('Enter')
  await expect(widget.getByRole('img', { name: 'Sent', exact: true })).toBeVisible()
  const before = await page.evaluate(() => localStorage.getItem('parley:demo'))
  expect(await shutdown(page)).toBe(true)
  await expect(page.locator('parley-chat')).toHaveCount(0)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
  await page.evaluate(() => (window.Parley as { boot?: () => void }).boot?.())
  await launcher.click()
  await expect(composer).toBeVisible()
  await expect(widget.getByText('Only between us')).toHaveCount(0)
  const after = await page.evaluate(() => localStorage.getItem('parley:demo'))
  expect(JSON.parse(after ?? '{}').visitor).not.toBe(JSON.parse(before ?? '{}').visitor)
  await expect(page.locator('parley-chat')).toHaveCount(1)
})

test('nobody is forgotten whose words are not sent, unless the page throws them away', async ({ browser }) => {
  const { page, composer, widget, launcher } = await visit(browser, plain())
  await launcher.click()
  await composer.fill('First')
  await composer.press('Enter')
  await expect(widget.getByRole('img', { name: 'Sent', exact: true })).toBeVisible()
  await server.kill()
  await composer.fill('Not sent yet')
  await composer.press('Enter')
  await expect(widget.getByRole('img', { name: 'On this device, not sent yet' })).toBeVisible()
  expect(await shutdown(page)).toBe(false)
  expect(await page.evaluate(() => localStorage.getItem('parley:demo'))).not.toBeNull()
  await server.start()
  await page.reload()
  await launcher.click()
  await expect(widget.getByText('Not sent yet', { exact: true })).toBeVisible()
  await expect(widget.getByRole('img', { name: 'Sent', exact: true })).toBeVisible({ timeout: 20_000 })
  await expect(widget.getByRole('img', { name: 'On this device, not sent yet' })).toHaveCount(0)
  await server.kill()
  await composer.fill('Never mind')
  await composer.press('Enter')
  await expect(widget.getByText('Never mind')).toBeVisible()
  expect(await shutdown(page, true)).toBe(true)
  expect(await page.evaluate(() => localStorage.getItem('parley:demo'))).toBeNull()
  await server.start()
})

test('a website that changes its page and its body by itself keeps one chat, which knows the page', async ({
  browser,
}) => {
  const { page, website, composer, widget, launcher } = await visit(browser, plain())
  await launcher.click()
  await expect(composer).toBeVisible()
  await page.evaluate(() => {
    history.pushState({}, '', '/lamps/oak')
    document.title = 'Oak lamp'
    document.body.innerHTML = '<h1>Oak lamp</h1>'
  })
  await composer.fill('How long is the cable?')
  await composer.press('Enter')
  await expect(widget.getByRole('img', { name: 'Sent', exact: true })).toBeVisible()
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  await ada.open('How long is the cable?')
  await expect(ada.page.getByRole('link', { name: /Oak lamp|lamps\/oak/ }).first()).toHaveAttribute(
    'href',
    `${website.origin}/lamps/oak`,
  )
  // A framework that makes even the body and its siblings anew.
  await page.evaluate(() => {
    const body = document.createElement('body')
    body.innerHTML = '<h1>Anew</h1>'
    document.documentElement.replaceChildren(document.head, body)
  })
  await expect(page.locator('parley-chat')).toHaveCount(1)
  await expect(widget.getByText('How long is the cable?')).toBeVisible()
  // Inserted again, by a tag manager for example.
  await page.evaluate((inbox) => {
    const script = document.createElement('script')
    script.src = `${inbox}/widget.js`
    script.dataset.inbox = 'demo'
    return new Promise((resolve) => {
      script.onload = resolve
      document.head.append(script)
    })
  }, server.inbox)
  await expect(page.locator('parley-chat')).toHaveCount(1)
})
