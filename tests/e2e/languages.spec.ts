import { expect, type Locator, type Page } from '@playwright/test'
import { AgentAtWork } from './support/people.ts'
import { startServer, type TestServer } from './support/server.ts'
import { test } from './support/story.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(async () => {
  await server.remove()
})

/** Picks a language in the agent's menu; `you` and `menu` are what the language before calls them. */
async function pick(page: Page, you: RegExp, menu: string, language: string): Promise<void> {
  await page.getByRole('button', { name: you }).click()
  await page.getByRole('menuitem', { name: menu }).press('ArrowRight')
  await page.getByRole('menuitemcheckbox', { name: language }).press('Enter')
  await expect(page.getByRole('menu')).toHaveCount(0)
}

test('an agent changes the language while they write, and loses nothing', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  const { page } = ada
  await ada.open('Marcus Hill')
  await page.getByRole('button', { name: 'Message options' }).last().click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'Edit message' }).fill('Half a correction')
  await page.getByRole('textbox', { name: 'Reply' }).fill('Half a reply')
  await expect(page.getByText(/Marcus Hill opened the chat on/)).toBeVisible()
  const address = page.url()
  // A reload would forget it.
  await page.evaluate(() => Object.assign(window, { stillHere: true }))

  await pick(page, /^You:/, 'Language', 'Deutsch')
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await expect(page.getByRole('textbox', { name: 'Antwort' })).toHaveValue('Half a reply')
  await expect(page.getByRole('textbox', { name: 'Nachricht bearbeiten' })).toHaveValue('Half a correction')
  const log = page.getByRole('log', { name: 'Gespräch' })
  await expect(log.getByText(/^\s*Marcus Hill hat den Chat auf .* geöffnet/)).toBeVisible()
  const germanDay = /^(Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag), /
  await expect(log.locator('time[title]').first()).toHaveAttribute('title', germanDay)
  await expect(page.getByRole('list', { name: 'Gespräche' }).locator('time').first()).toHaveAttribute(
    'title',
    germanDay,
  )
  await expect(page).toHaveTitle(/Alle – Parley$/)
  expect(page.url()).toBe(address)
  expect(await page.evaluate(() => 'stillHere' in window)).toBe(true)

  await page.reload()
  await expect(page.getByRole('textbox', { name: 'Antwort' })).toHaveValue('Half a reply')
  await pick(page, /^Sie:/, 'Sprache', 'English')
  await expect(page.locator('html')).toHaveAttribute('lang', /^en/)
  await expect(page.getByRole('textbox', { name: 'Reply' })).toHaveValue('Half a reply')
  await expect(ada.log.getByText(/Marcus Hill opened the chat on/)).toBeVisible()
})

test('a French browser is met in French, and loads no other language', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'fr-FR' })
  const page = await context.newPage()
  const scripts: Promise<string>[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.text())
  })
  await page.goto(`${server.inbox}/`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Se connecter à Parley')
  await expect(page).toHaveTitle('Se connecter à Parley – Parley')
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr-FR')
  const code = (await Promise.all(scripts)).join('\n')
  expect(code).toContain('Se connecter à Parley')
  for (const other of ['Sign in to Parley', 'Inloggen bij Parley', 'Bei Parley anmelden', 'Iniciar sesión en Parley']) {
    expect(code).not.toContain(other)
  }

  await page.getByRole('textbox', { name: 'E-mail' }).fill('ada@example.com')
  await page.getByRole('button', { name: 'Español' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Iniciar sesión en Parley')
  await expect(page.getByRole('textbox', { name: 'Correo electrónico' })).toHaveValue('ada@example.com')
  await page.getByRole('textbox', { name: 'Contraseña' }).fill('not this one')
  await page.getByRole('button', { name: 'Iniciar sesión' }).click()
  await expect(page.getByRole('alert')).toHaveText('Esta dirección y esta contraseña no coinciden.')
})

test('a language that cannot be loaded changes nothing, and says so', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'nl-NL' })
  const page = await context.newPage()
  await page.goto(`${server.inbox}/`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inloggen bij Parley')
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await expect(page.getByText('Deze taal kon niet worden geladen.')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inloggen bij Parley')
})

/** What sticks out of the screen sideways, but for what scrolls by itself and what only screen readers see. */
function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement))
    const out = [...document.querySelectorAll('body *')].filter((element) => {
      const { left, right, width: own } = element.getBoundingClientRect()
      return own > 1 && (left < -0.5 || right > width + 0.5) && element.closest('.visually-hidden, svg') === null
    })
    const sideways = [...document.querySelectorAll('html, .scroller, main, [role="dialog"]')].filter(
      (element) => element.scrollWidth > element.clientWidth + 1,
    )
    return [...out.filter((element) => !scrolls(element.parentElement)), ...sideways].map(
      (element) => `${element.tagName.toLowerCase()}.${element.className}`,
    )
  })
}

for (const [locale, dir] of [
  ['en-GB', 'ltr'],
  ['en-GB', 'rtl'],
  ['de-DE', 'ltr'],
  ['fr-FR', 'ltr'],
  ['es-ES', 'ltr'],
  ['nl-NL', 'ltr'],
] as const) {
  test(`nothing sticks out of a phone of 360 px: ${locale}, ${dir}`, async ({ browser }) => {
    const context = await browser.newContext({ locale, viewport: { width: 360, height: 640 }, hasTouch: true })
    const page = await context.newPage()
    const fits = async (shown: Locator) => {
      await page.evaluate((direction) => (document.documentElement.dir = direction), dir)
      await expect(shown).toBeVisible()
      await expect.poll(() => stickingOut(page)).toEqual([])
    }
    await page.goto(`${server.inbox}/`)
    const bo = page.getByRole('button', { name: /Bo/ })
    await fits(bo)
    await bo.click()
    const line = page.locator('[data-conversation]').filter({ hasText: 'Marcus Hill' })
    await fits(line)
    await page.locator('header button').click()
    await fits(page.getByRole('menu'))
    await page.keyboard.press('Escape')
    await line.click()
    await fits(page.getByRole('log').getByText('Found it.'))
    await page.locator('header button[aria-pressed]').click()
    await fits(page.getByRole('dialog'))
    await context.close()
  })
}
