import { expect, type Locator, type Page } from '@playwright/test'
import { accessible } from './support/accessible.ts'
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

const sheetOf = (page: Page) => page.getByRole('dialog', { name: 'Keyboard' })
const paletteOf = (page: Page) => page.getByRole('dialog', { name: 'Commands and conversations' })

/** What the help sheet says: the keys, and what they do. */
async function told(sheet: Locator): Promise<string[]> {
  const rows = await sheet.locator('.row').all()
  return Promise.all(
    rows.map(async (row) => {
      const keys = await row.locator('kbd').allTextContents()
      return `${keys.join(' ')}: ${(await row.locator('dt').textContent()) ?? ''}`
    }),
  )
}

/** The focus is somewhere, and it shows. */
async function focusShows(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(
        () => document.activeElement !== document.body && document.activeElement?.matches(':focus-visible'),
      ),
    )
    .toBe(true)
}

test('from sign-in to a closed conversation, without a mouse', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${server.inbox}/`)
  const ada = page.getByRole('button', { name: /Ada/ })
  await ada.waitFor()
  while (!(await ada.evaluate((button) => button === document.activeElement))) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const list = page.getByRole('list', { name: 'Conversations' })
  const line = list.getByRole('link').filter({ hasText: 'Jana Weber' })
  await line.waitFor()
  const log = page.getByRole('log', { name: 'Conversation' })

  // Down to Jana, and in. The line keeps the focus, so that one can go on.
  while (!(await line.evaluate((link) => link === document.activeElement))) await page.keyboard.press('j')
  await focusShows(page)
  await page.keyboard.press('Enter')
  await expect(log.getByText(/knapp ein Jahr/)).toBeVisible()
  await expect(line).toBeFocused()

  await page.keyboard.press('a')
  await page.getByRole('menuitemcheckbox', { name: /Ada/ }).waitFor()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Assignee: You' })).toBeFocused()

  await page.keyboard.press('c')
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeFocused()
  await page.keyboard.type('Under warranty')
  await page.keyboard.press('Enter')
  await expect(log.getByText('Under warranty')).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(log).toBeFocused()
  await page.keyboard.press('r')
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await expect(reply).toBeFocused()
  // Letters are letters while one types.
  await page.keyboard.type('Ja, gern. e j k ?')
  await page.keyboard.press('Enter')
  await expect(log.getByText('Ja, gern. e j k ?')).toBeVisible()
  await expect(reply).toBeFocused()

  await page.keyboard.press('Escape')
  await page.keyboard.press('e')
  await expect(page.getByText('Closed', { exact: true }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Close conversation' })).toHaveCount(0)
  await expect(log).toBeFocused()
  await focusShows(page)
  await expect(list.getByRole('link').filter({ hasText: 'Jana Weber' })).toHaveCount(0)

  // On to the next one, which is read at once: the focus stays with what is read.
  const closed = page.url()
  await page.keyboard.press('j')
  await expect(page).not.toHaveURL(closed)
  await expect(log).toBeFocused()

  // Back, a step at a time: to its line, then out of it.
  await page.keyboard.press('Escape')
  await expect(list.locator('[aria-current="page"]')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/inbox$/)
  await focusShows(page)
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/view=closed/)
  await expect(list.getByRole('link').filter({ hasText: 'Jana Weber' })).toBeVisible()
})

test('the help lists the keys that work, and single ones can be switched off', async ({ browser }) => {
  const { page, list } = await AgentAtWork.signIn(browser, server, 'Ada')
  await list.getByRole('link').first().waitFor()
  await page.keyboard.press('?')
  const sheet = sheetOf(page)
  await sheet.waitFor()
  const all = await told(sheet)
  expect(all).toEqual([
    'J: Next conversation',
    'K: Previous conversation',
    'Enter: Open the conversation',
    'Ctrl K: All commands and conversations',
    '?: Keyboard shortcuts',
    'Esc: Step back',
    'R: Write a reply',
    'C: Write a comment for the team',
    'A: Assign',
    'E: Close the conversation',
    'G M: Go to Mine',
    'G U: Go to Unassigned',
    'G A: Go to All',
    'G C: Go to Closed',
    'Enter Ctrl Enter: Send',
    'Shift Enter: New line',
    'Ctrl Shift Enter: Send and close',
    '↑: Edit your last message, in an empty reply',
    'Esc: Leave the field',
    'Home: To the beginning',
    'End: To the latest',
    '↑: Options of your message before',
    '↓: Options of your message after',
    'Enter Ctrl Enter: Save a change',
    'Esc: Leave a message as it was',
  ])
  await accessible('the sheet of keys', page)

  await sheet.getByRole('switch', { name: 'Single-key shortcuts' }).press('Space')
  const isSingle = (row: string) => /^(.|G .): /u.test(row) && !/^[↑↓]/u.test(row)
  await expect.poll(() => told(sheet)).toEqual(all.filter((row) => !isSingle(row)))
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)

  // Off, on this device, until it is switched on again.
  await page.reload()
  await list.getByRole('link').first().click()
  const close = page.getByRole('button', { name: 'Close conversation' })
  await expect(close).toHaveAttribute('title', 'Close')
  await page.getByRole('log').focus()
  for (const key of ['j', 'r', 'e', '?', 'g', 'c']) await page.keyboard.press(key)
  await page.keyboard.press('Control+k')
  await expect(paletteOf(page)).toBeVisible()
  await page.keyboard.type('single-key')
  await page.keyboard.press('Enter')
  await expect(close).toHaveAttribute('title', 'Close (E)')
  await expect(page).not.toHaveURL(/view=closed/)
  await page.keyboard.press('?')
  await expect(sheet).toBeVisible()
})

test('the palette finds conversations and commands, the last chosen first', async ({ browser }) => {
  const { page, log } = await AgentAtWork.signIn(browser, server, 'Ada')
  const palette = paletteOf(page)
  const found = palette.getByRole('option')
  await page.keyboard.press('Control+k')
  await expect(palette.getByRole('combobox')).toBeFocused()
  await accessible('the palette', page)
  // Nothing is open: nothing can be closed.
  await expect(found.filter({ hasText: 'Close the conversation' })).toHaveCount(0)
  await page.keyboard.type('marcus')
  await expect(found.first()).toContainText('Marcus Hill')
  await page.keyboard.press('Enter')
  await expect(log.getByText('Found it.')).toBeVisible()
  await expect(palette).toHaveCount(0)

  // While one types, too; what is chosen gets the focus.
  await page.keyboard.press('r')
  await page.keyboard.press('Control+k')
  await expect(found.first()).toContainText('Marcus Hill')
  await page.keyboard.type('comment')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeFocused()

  await page.keyboard.press('Control+k')
  await expect(found.first()).toContainText('Write a comment')
  await page.keyboard.type('no such thing')
  await expect(palette.getByText('Nothing is called “no such thing”')).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(palette).toHaveCount(0)
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeFocused()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  // Nobody waits for it. In one piece, so that it cannot be there before the last key is hit: no letter reaches the
  // page, where an `e` would close the conversation.
  await log.focus()
  await page.evaluate(
    (keys) => {
      const hit = (key: string, ctrlKey = false) =>
        (document.activeElement ?? document).dispatchEvent(
          new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }),
        )
      hit('k', true)
      for (const key of keys) hit(key)
    },
    [...'lighe', 'Backspace', 't', ' ', 'Enter', 'e'],
  )
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await expect(palette).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Close conversation' })).toBeVisible()
})

test('on a phone, Esc leads from the thread to its line', async ({ browser }) => {
  const { page, list, log } = await AgentAtWork.signIn(browser, server, 'Ada')
  await page.setViewportSize({ width: 390, height: 844 })
  const line = list.getByRole('link').filter({ hasText: 'Priya Nair' })
  await line.press('Enter')
  await expect(log).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(line).toBeFocused()
})

test('what is sent before the conversation has loaded goes once it has', async ({ browser }) => {
  const { page, list, log } = await AgentAtWork.signIn(browser, server, 'Bo')
  await list.getByRole('link').filter({ hasText: 'Priya Nair' }).click()
  await expect(log.getByText(/Please add the deliv/)).toBeVisible()
  await server.kill()
  await list.getByRole('link').filter({ hasText: 'Marcus Hill' }).click()
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await reply.fill('One moment, please.')
  await reply.press('Enter')
  await expect(page.getByText('Sent as soon as the conversation has loaded: One moment, please.')).toBeVisible()
  await server.start()
  await expect(log.getByText('One moment, please.')).toBeVisible({ timeout: 20_000 })
  await expect(page.getByText('Sent as soon as the conversation has loaded')).toHaveCount(0)
})

test('what is closed before the conversation has loaded is closed once it has', async ({ browser }) => {
  const { page, list } = await AgentAtWork.signIn(browser, server, 'Bo')
  const line = list.getByRole('link').filter({ hasText: 'Franz Gruber' })
  await expect(line).toBeVisible()
  await server.kill()
  await line.click()
  await page.getByRole('button', { name: 'Close conversation' }).click()
  await server.start()
  await expect(page.getByText('You closed the conversation')).toBeVisible({ timeout: 20_000 })
  await expect(line).toHaveCount(0)
})
