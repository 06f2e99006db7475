import { expect, type BrowserContext, type Page } from '@playwright/test'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AgentAtWork } from './support/people.ts'
import { startServer, type TestServer } from './support/server.ts'
import { test } from './support/story.ts'

let server: TestServer
let build: string
test.beforeAll(async () => {
  build = await mkdtemp(join(tmpdir(), 'parley-build-'))
  await cp('build', build, { recursive: true })
  server = await startServer([], build)
})
test.afterAll(async () => {
  await server.remove()
  await rm(build, { recursive: true })
})

/** Waits until the app is on the device as a whole. */
async function kept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
}

/** The network is gone, and the server with it. */
async function away(context: BrowserContext): Promise<void> {
  await context.setOffline(true)
  await server.kill()
}

async function back(context: BrowserContext): Promise<void> {
  await server.start()
  await context.setOffline(false)
}

/** Puts another version of the app on the server. */
async function upgrade(mark: string): Promise<void> {
  await server.kill()
  const page = join(build, 'app/200.html')
  await writeFile(
    page,
    (await readFile(page, 'utf8')).replace('<title>', `<meta name="mark" content="${mark}"><title>`),
  )
  const worker = join(build, 'app/service-worker.js')
  const version = (await readFile(join(build, 'app.hash'), 'utf8')).slice(0, 12)
  const script = await readFile(worker, 'utf8')
  expect(script).toContain(version)
  await writeFile(worker, script.replaceAll(version, `${version.slice(0, 6)}${mark}`))
  await server.start()
}

const connection = (page: Page) => page.getByRole('status', { name: 'Connection' })

test('[R9] the app starts without a network, shows what it had, and sends later what was written', async ({
  browser,
}) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  await ada.open('Marcus Hill')
  await expect(ada.log.getByText('Found it.')).toBeVisible()
  await kept(ada.page)
  await away(ada.context)
  await ada.page.close()

  const page = await ada.context.newPage()
  await page.goto(`${server.inbox}/inbox`)
  await page.getByRole('list', { name: 'Conversations' }).getByRole('link').filter({ hasText: 'Marcus Hill' }).click()
  const log = page.getByRole('log', { name: 'Conversation' })
  await expect(log.getByText('Found it.')).toBeVisible()
  await expect(connection(page).getByText('Offline')).toBeVisible()
  await page.getByRole('textbox', { name: 'Reply' }).fill('From a tunnel')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(log.getByText('From a tunnel')).toBeVisible()
  await page.reload()
  await expect(log.getByText('From a tunnel')).toBeVisible()
  await expect(connection(page)).toContainText('1 ')

  await back(ada.context)
  await expect(connection(page).getByText('Live')).toBeVisible({ timeout: 20_000 })
  const bo = await AgentAtWork.signIn(browser, server, 'Bo')
  await bo.open('Marcus Hill')
  await expect(bo.log.getByText('From a tunnel')).toHaveCount(1)
})

test('a new version waits until it is asked for, and what was half written stays', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  const { page } = ada
  await ada.open('Marcus Hill')
  await kept(page)
  const second = await ada.context.newPage()
  await second.goto(`${server.inbox}/inbox`)
  await kept(second)
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await reply.fill('Half of a sen')
  await upgrade('second')
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update())
  await expect(page.getByText('A new version of Parley is here')).toBeVisible()
  // Nothing has happened yet, and nothing happens while one writes on.
  await reply.press('End')
  await reply.pressSequentially('tence')
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.locator('meta[name="mark"][content="second"]')).toBeAttached()
  await expect(reply).toHaveValue('Half of a sentence')
  await expect(page.getByText('A new version of Parley is here')).toHaveCount(0)
  // The other tab goes on as it was, until somebody asks there.
  await expect(second.locator('meta[name="mark"]')).toHaveCount(0)
  await second.getByRole('button', { name: 'Reload' }).click()
  await expect(second.locator('meta[name="mark"][content="second"]')).toBeAttached()
})

test('whoever was signed out meanwhile is asked who they are', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  await kept(ada.page)
  await ada.context.clearCookies()
  await ada.page.reload()
  await expect(ada.page).toHaveURL(/\/sign-in/)
  await ada.page.getByRole('button', { name: /Bo/ }).click()
  await expect(ada.page.getByRole('button', { name: 'You: Bo Eriksen' })).toBeVisible()
})
