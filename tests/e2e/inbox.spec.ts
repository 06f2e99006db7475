import { expect } from '@playwright/test'
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

test('[F5] an agent edits a message, takes one back, and never loses the focus', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  const visitor = await VisitorOnSite.arrive(browser, server)
  await visitor.openChat()
  await visitor.say('When are you open?')
  await ada.open('When are you open?')
  await ada.reply('From nine to six')
  await expect(visitor.log.getByText('From nine to six')).toBeVisible()

  const options = ada.page.getByRole('button', { name: 'Message options' })
  const editor = ada.page.getByRole('textbox', { name: 'Edit message' })
  await options.focus()
  await ada.page.keyboard.press('Enter')
  await ada.page.getByRole('menuitem', { name: 'Edit' }).press('Enter')
  await expect(editor).toBeFocused()
  await editor.fill('From ten to six')
  await editor.press('Enter')
  await expect(options).toBeFocused()
  await expect(visitor.log.getByText('From ten to six')).toBeVisible()
  await expect(visitor.log.getByText('Edited')).toBeVisible()
  await expect(ada.list.getByText('From ten to six')).toBeVisible()

  // The arrow up in an empty reply edits the last one; Escape leaves it as it was.
  const reply = ada.page.getByRole('textbox', { name: 'Reply' })
  await reply.press('ArrowUp')
  await editor.fill('Never')
  await editor.press('Escape')
  await expect(reply).toBeFocused()
  await expect(ada.log.getByText('From ten to six')).toBeVisible()

  await options.click()
  await ada.page.getByRole('menuitem', { name: 'Take back' }).click()
  await expect(visitor.log.getByText('This message was taken back')).toBeVisible()
  await expect(visitor.log.getByText('From ten to six')).toHaveCount(0)
  await expect(ada.log).toBeFocused()
  await expect(options).toHaveCount(0)
})

test('whoever writes fast loses nothing, keeps the order, and stays at the end', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  await ada.open('Jana Weber')
  const reply = ada.page.getByRole('textbox', { name: 'Reply' })
  // While a conversation is read, one can type in it already, and not send.
  await reply.fill('Line')
  await expect(ada.page.getByRole('button', { name: 'Send', exact: true })).toBeEnabled()
  const said = Array.from({ length: 12 }, (_, index) => `Line ${index + 1}.`)
  for (const words of said) {
    await reply.fill(words)
    await reply.press('Enter')
  }
  await expect(ada.log.getByText(/^Line \d+\.$/)).toHaveText(said)
  await expect(ada.log.getByText('Line 12.')).toBeInViewport()

  await ada.page.reload()
  await expect(ada.log.getByText(/^Line \d+\.$/)).toHaveText(said)
  await expect(ada.log.getByText('Line 12.')).toBeInViewport()
})

test('what a visitor types as their address stays, whatever happens in the chat meanwhile', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  const visitor = await VisitorOnSite.arrive(browser, server)
  await visitor.openChat()
  await visitor.say('Is the blue one in stock?')
  await ada.open('Is the blue one in stock?')
  const email = visitor.widget.getByRole('textbox', { name: 'E-mail' })
  await email.fill('robin@exam')
  await ada.reply('Let me look')
  await expect(visitor.log.getByText('Let me look')).toBeVisible()
  await expect(email).toHaveValue('robin@exam')

  await email.fill('robin@example.com')
  await email.press('Enter')
  await expect(visitor.widget.getByRole('textbox', { name: 'Message' })).toBeFocused()
  await expect(ada.page.getByRole('link', { name: 'robin@example.com', exact: true })).toBeVisible()
})

test('the next agent at the same browser finds nothing of the one before', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  await ada.open('Priya Nair')
  await ada.page.getByRole('textbox', { name: 'Reply' }).fill('Half a sentence')
  await ada.page.getByRole('button', { name: /^You:/ }).click()
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click()
  await ada.page.getByRole('button', { name: 'Sign out and delete' }).click()
  await expect(ada.page.getByRole('button', { name: /Bo/ })).toBeVisible()
  const left = await ada.page.evaluate(async () => [
    ...(await indexedDB.databases()).map(({ name }) => name),
    ...Object.keys(localStorage).filter((key) => key.startsWith('parley.draft')),
  ])
  expect(left).toEqual([])
})

test('the inbox is accessible on a screen and on a phone', async ({ browser }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${server.inbox}/`)
  await page.getByRole('button', { name: /Ada/ }).click()
  await page.getByRole('link', { name: /Marcus Hill/ }).click()
  await expect(page.getByRole('log').getByText('Found it.')).toBeVisible()
  await page.getByRole('button', { name: 'Message options' }).last().click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await accessible('a thread with a message being edited', page)
  await page.setViewportSize({ width: 360, height: 640 })
  await page.getByRole('button', { name: 'Show contact' }).click()
  await expect(page.getByRole('dialog', { name: 'Contact' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Back to the list' }).click()
  await accessible('the list on a phone', page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.goto(`${server.inbox}/inbox/01J00000000000000000000000`)
  await expect(page.getByRole('heading', { name: 'This conversation is not here' })).toBeVisible()
  await accessible('a conversation that is not there', page)
})
