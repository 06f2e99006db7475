import { expect, type Browser, type BrowserContextOptions, type Page } from '@playwright/test'
import { AgentAtWork } from './people.ts'
import type { TestServer } from './server.ts'

/** Everything that somebody can look at, one after the other, in a browser that is set up in one way. */

/** Called at each place, once it shows what it is there for. */
export type Look = (place: string, page: Page) => Promise<void>

/** Goes through the pages that nobody has to sign in for. */
export async function seeOutside(
  browser: Browser,
  server: TestServer,
  options: BrowserContextOptions,
  look: Look,
): Promise<void> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const heading = (name: string) => expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()

  await page.goto(`${server.inbox}/sign-in`)
  await expect(page.getByRole('button', { name: /Ada/ })).toBeVisible()
  await look('sign-in', page)
  await page.goto(`${server.inbox}/setup?token=none`)
  await heading('Set up Parley')
  await look('set-up', page)
  await page.goto(`${server.inbox}/nowhere`)
  await heading('There is nothing at this address')
  await look('an address without a page', page)
  await page.goto(`${server.inbox}/mail`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await look('the mail page', page)
  await page.goto(`${server.inbox}/demo/stage`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await look('the stage', page)
  await page.goto(`${server.website}/demo/repairs.html`)
  await expect(page.getByRole('button', { name: 'Open chat' })).toBeVisible()
  await look('the website', page)
  await page.getByRole('button', { name: 'Open chat' }).click()
  await expect(page.frameLocator('iframe').getByRole('textbox', { name: 'Message' })).toBeVisible()
  await look('the website with the chat open', page)
  await context.close()
}

/** Goes through the inbox. On a phone one pane is shown at a time. */
export async function seeInbox(
  browser: Browser,
  server: TestServer,
  options: BrowserContextOptions,
  look: Look,
): Promise<void> {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada', options)
  const { page } = ada
  await expect(page.getByRole('status', { name: 'Connection' }).getByText('Live')).toBeVisible()
  await look('the list', page)
  await page.getByRole('button', { name: /^You:/ }).click()
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible()
  await look('the menu of the agent', page)
  await page.keyboard.press('Escape')

  await ada.open('Marcus Hill')
  await expect(ada.log.getByText('Found it.')).toBeVisible()
  await look('a thread', page)
  await page.getByRole('tab', { name: 'Comment' }).click()
  await look('writing a comment', page)
  await page.getByRole('button', { name: /^Assignee/ }).click()
  await expect(page.getByRole('menuitemcheckbox').first()).toBeVisible()
  await look('the menu of the assignee', page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Message options' }).last().click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await expect(page.getByRole('textbox', { name: 'Edit message' })).toBeFocused()
  await look('editing a message', page)
  await page.keyboard.press('Escape')
  const contact = page.getByRole('button', { name: 'Show contact' })
  if (await contact.isVisible()) {
    await contact.click()
    await expect(page.getByRole('dialog', { name: 'Contact' })).toBeVisible()
    await look('the sheet of the contact', page)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await page.getByRole('log').focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await look('the list of keys', page)

  await page.goto(`${server.inbox}/settings/demo`)
  await expect(page.getByRole('figure')).toBeVisible()
  await look('the settings of an inbox', page)
  await page.goto(`${server.inbox}/settings/demo/hours`)
  await expect(page.getByRole('radio', { name: 'These hours' })).toBeVisible()
  await look('opening hours', page)
  await page.goto(`${server.inbox}/inbox?view=closed`)
  await ada.open('Tom Ellery')
  await expect(ada.log.getByText('just come by before five')).toBeVisible()
  await look('a closed conversation', page)
  await page.goto(`${server.inbox}/inbox/01J00000000000000000000000`)
  await expect(page.getByRole('heading', { name: 'This conversation is not here' })).toBeVisible()
  await look('a conversation that is not there', page)
  await ada.context.close()
}
