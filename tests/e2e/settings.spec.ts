import { expect, type Browser, type Page } from '@playwright/test'
import { accessible } from './support/accessible.ts'
import { AgentAtWork, VisitorOnSite } from './support/people.ts'
import { startServer, type TestServer } from './support/server.ts'
import { test } from './support/story.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(async () => {
  await server.remove()
})

/** An administrator who has come to a section of the inbox's settings by clicks alone. */
async function comeTo(browser: Browser, section: string): Promise<Page> {
  const { page } = await AgentAtWork.signIn(browser, server, 'Ada')
  await page.getByRole('button', { name: /^You: / }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await page.getByRole('main').getByRole('link').click()
  await page.getByRole('link', { name: section }).click()
  await expect(page.getByRole('link', { name: section })).toHaveAttribute('aria-current', 'page')
  return page
}

const APPEARANCE = 'Appearance and texts'
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click()
const saved = (page: Page) => expect(page.getByRole('status').filter({ hasText: 'Saved. Visitors' })).toBeVisible()

/** What the widget is told when a visitor comes. */
async function sessionOf(page: Page) {
  const answer = await page.request.post(`${server.inbox}/api/widget/session`, { data: { inbox: 'demo' } })
  return (await answer.json()) as { inbox: Record<string, unknown> }
}

test('an administrator sets greeting and hours, and the next visitor meets both', async ({ browser }) => {
  const page = await comeTo(browser, APPEARANCE)
  await page.getByLabel('Greeting').fill('Good day. What may we light for you?')
  const preview = page.getByRole('figure')
  await expect(preview).toContainText('Good day. What may we light for you?')

  await page.getByRole('link', { name: 'Opening hours' }).click()
  await page.getByRole('radio', { name: 'These hours' }).check()
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo')
  await page.getByLabel('Monday, from').fill('10:00')
  await page.getByLabel('Monday, until').fill('00:00')
  await page.getByRole('button', { name: 'Copy Monday to weekdays' }).click()
  // By keyboard: the hours of Saturday, twice, and the second away again.
  const add = page.getByRole('button', { name: 'Add hours: Saturday' })
  await add.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove hours: Saturday' }).last().press('Enter')
  await expect(add).toBeFocused()
  await save(page)
  await saved(page)

  const day = [{ from: 600, to: 1440 }]
  const hours = { zone: 'Asia/Tokyo', week: [day, day, day, day, day, [{ from: 540, to: 1020 }], []] }
  const { inbox } = await sessionOf(page)
  expect(inbox).toMatchObject({ greeting: 'Good day. What may we light for you?', availability: { hours } })
  const visitor = await VisitorOnSite.arrive(browser, server)
  await visitor.openChat()
  await expect(visitor.widget.getByText('Good day. What may we light for you?')).toBeVisible()

  // As it was saved, also for whoever comes later.
  await page.reload()
  await expect(page.getByLabel('Time zone')).toHaveValue('Asia/Tokyo')
  await expect(page.getByLabel('Friday, until')).toHaveValue('00:00')
})

test('what a visitor is told is seen before it is saved, and told from then on', async ({ browser }) => {
  const page = await comeTo(browser, 'Opening hours')
  const told = page.getByRole('status').filter({ hasText: 'What a visitor is told' })
  await page.getByRole('radio', { name: 'Always open' }).check()
  await expect(told).toContainText('Open.')
  await page.getByRole('radio', { name: 'These hours' }).check()
  const remove = page.getByRole('button', { name: /^Remove hours/ })
  for (let left = await remove.count(); left > 0; left--) {
    await remove.first().click()
    await expect(remove).toHaveCount(left - 1)
  }
  await expect(told).toContainText('Closed. No day of the week has hours.')
  await save(page)
  await saved(page)
  const visitor = await VisitorOnSite.arrive(browser, server)
  await visitor.openChat()
  await expect(visitor.widget.getByText('We are closed at the moment')).toBeVisible()
})

test('the script tag is copied, and says so', async ({ browser }) => {
  const page = await comeTo(browser, 'Website')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy: Script tag' }).click()
  await expect(page.getByRole('button', { name: 'Copy: Script tag' })).toHaveText(/Copied/)
  const tag = `<script src="${server.inbox}/widget.js" data-inbox="demo" async></script>`
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(tag)
})

test('a website is allowed as its address is pasted, and forbidden again', async ({ browser }) => {
  const page = await comeTo(browser, 'Website')
  const websites = page.getByRole('list', { name: 'Allowed websites' })
  const field = page.getByLabel('Address of a website')
  await field.fill('shop')
  await field.press('Enter')
  await expect(page.getByText('Not the address of a website.')).toBeVisible()
  await field.fill('WWW.Example.com/lamps?all')
  await field.press('Enter')
  await expect(websites.getByRole('listitem').last()).toContainText('https://www.example.com')
  await save(page)
  await saved(page)
  await page.getByRole('button', { name: 'Remove https://www.example.com' }).click()
  await save(page)
  await saved(page)
  await expect(websites.getByText('https://www.example.com')).toHaveCount(0)
})

test('what is wrong is said where it is wrong, and nothing is saved', async ({ browser }) => {
  const page = await comeTo(browser, APPEARANCE)
  const name = page.getByLabel('Name', { exact: true })
  await name.fill('')
  await page.getByLabel('Colour code').fill('teal')
  await page.getByLabel('Sender of transcripts').fill('nobody')
  await save(page)
  await expect(name).toHaveAccessibleDescription(/Fill this in\./)
  await expect(page.getByText('Not a colour. Write it like #0f6a68.')).toBeVisible()
  await expect(page.getByText('Not an e-mail address.')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Appearance and texts/ })).toHaveAccessibleName(/something to correct/)

  await page.getByRole('link', { name: 'Opening hours' }).click()
  await page.getByRole('radio', { name: 'These hours' }).check()
  await page.getByRole('button', { name: 'Add hours: Sunday' }).click()
  await page.getByLabel('Sunday, until').fill('08:00')
  await expect(page.getByText('The end must come after the start.')).toBeVisible()
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByText('The end must come after the start.')).toHaveCount(0)
  await expect(page.getByText('Unsaved changes')).toHaveCount(0)
})

test('two administrators: what only one has changed stands, and neither overwrites the other unasked', async ({
  browser,
}) => {
  const [first, second] = [await comeTo(browser, APPEARANCE), await comeTo(browser, APPEARANCE)]
  const name = (page: Page) => page.getByLabel('Name', { exact: true })
  await name(first).fill('Lumen')
  await save(first)
  await saved(first)

  await second.getByLabel('Greeting').fill('Welcome.')
  await save(second)
  await saved(second)
  await expect(name(second)).toHaveValue('Lumen')

  await name(first).fill('Lumen One')
  await save(first)
  await saved(first)
  await name(second).fill('Lumen Two')
  await save(second)
  const conflict = second.getByRole('alert')
  await expect(conflict).toContainText('Somebody else has changed the same meanwhile: Name.')
  await expect(conflict).toContainText('Lumen One')
  expect((await sessionOf(second)).inbox).toMatchObject({ name: 'Lumen One', greeting: 'Welcome.' })

  await conflict.getByRole('button', { name: 'Take theirs' }).click()
  await expect(name(second)).toHaveValue('Lumen One')
  await name(first).fill('Lumen & Oak')
  await save(first)
  await saved(first)
  await name(second).fill('Lumen Two')
  await save(second)
  await conflict.getByRole('button', { name: 'Save mine instead' }).click()
  await saved(second)
  expect((await sessionOf(second)).inbox).toMatchObject({ name: 'Lumen Two' })
})

test('without a network nothing is saved, and nothing that was typed is lost', async ({ browser }) => {
  const page = await comeTo(browser, APPEARANCE)
  await page.context().setOffline(true)
  await expect(page.getByText('There is no network.')).toBeVisible()
  await page.getByLabel('Greeting').fill('Written in a tunnel.')
  await save(page)
  await expect(page.getByText('Not saved: the server cannot be reached.')).toBeVisible()
  await expect(page.getByLabel('Greeting')).toHaveValue('Written in a tunnel.')
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Retry' }).click()
  await saved(page)
  expect((await sessionOf(page)).inbox).toMatchObject({ greeting: 'Written in a tunnel.' })
})

test('a stray click loses nothing', async ({ browser }) => {
  const page = await comeTo(browser, APPEARANCE)
  await page.getByLabel('Greeting').fill('Half a sent')
  await page.getByRole('link', { name: 'Website' }).click()
  await page.getByRole('link', { name: APPEARANCE }).click()
  await expect(page.getByLabel('Greeting')).toHaveValue('Half a sent')

  await page.getByRole('link', { name: 'All inboxes' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.getByRole('button', { name: 'Stay here' }).click()
  await expect(page.getByLabel('Greeting')).toHaveValue('Half a sent')
  await page.getByRole('link', { name: 'All inboxes' }).click()
  await dialog.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
})

test('an agent who is no administrator finds no such page', async ({ browser }) => {
  const { page } = await AgentAtWork.signIn(browser, server, 'Bo')
  await page.getByRole('button', { name: /^You: / }).click()
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Settings' })).toHaveCount(0)
  for (const path of ['/settings', '/settings/demo', '/settings/demo/hours']) {
    await page.goto(server.inbox + path)
    await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible()
  }
  expect((await page.request.get(`${server.inbox}/api/settings/inboxes`)).status()).toBe(403)
})

test('settings can be used by everybody, on a phone too', async ({ browser }) => {
  const { context } = await AgentAtWork.signIn(browser, server, 'Ada')
  const page = await context.newPage()
  await page.setViewportSize({ width: 360, height: 740 })
  for (const path of ['', '/demo', '/demo/hours', '/demo/website', '/nowhere']) {
    await page.goto(`${server.inbox}/settings${path}`)
    await expect(page.getByRole('status', { name: 'Loading settings' })).toHaveCount(0)
    await expect(page.getByRole('main')).not.toBeEmpty()
    if (path === '/demo/hours') await page.getByRole('radio', { name: 'These hours' }).check()
    if (path === '/demo') {
      await page.getByLabel('Name', { exact: true }).fill('')
      await save(page)
      await expect(page.getByText('Fill this in.')).toBeVisible()
    }
    await accessible(`settings${path}`, page)
    const wider = await page.evaluate(() =>
      [document.documentElement, document.querySelector('main')].map(
        (each) => (each?.scrollWidth ?? 0) - (each?.clientWidth ?? 0),
      ),
    )
    expect(wider, path).toEqual([0, 0])
  }
})
