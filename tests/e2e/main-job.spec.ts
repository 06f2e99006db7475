import { expect } from '@playwright/test'
import { simpleParser } from 'mailparser'
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

test('[A3] [F3] a visitor asks, two agents see it, one comments, one answers and closes, the transcript goes out', async ({
  browser,
}) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  const bo = await AgentAtWork.signIn(browser, server, 'Bo')

  const visitor = await VisitorOnSite.arrive(browser, server)
  expect(new URL(visitor.page.url()).origin).not.toBe(server.inbox)
  await visitor.openChat()
  await visitor.say('Do you repair old lamps?')
  await expect(visitor.log.getByText('Do you repair old lamps?')).toBeVisible()
  await visitor.widget.getByRole('textbox', { name: 'E-mail' }).fill('robin@example.com')
  await visitor.widget.getByRole('textbox', { name: 'E-mail' }).press('Enter')

  // Neither agent reloads: the conversation comes to them.
  for (const agent of [ada, bo]) {
    await agent.open('Do you repair old lamps?')
    await expect(agent.log.getByText('Do you repair old lamps?')).toBeVisible()
    await expect(agent.page.getByText('robin@example.com').first()).toBeVisible()
  }

  await bo.comment('She was here last week, be kind')
  await expect(ada.log.getByText('She was here last week, be kind')).toBeVisible()

  await ada.page.getByRole('tab', { name: 'Reply' }).click()
  await ada.page.getByRole('textbox', { name: 'Reply' }).pressSequentially('Yes, we')
  await expect(visitor.widget.getByText(/typing/i)).toBeVisible()
  await ada.reply('Yes, we do. Bring it in on Tuesday.')
  await expect(visitor.log.getByText('Yes, we do. Bring it in on Tuesday.')).toBeVisible()
  await visitor.say('Wonderful, thank you')
  await expect(ada.log.getByText('Wonderful, thank you')).toBeVisible()

  await ada.close()
  await expect(visitor.widget.getByText('This chat has ended')).toBeVisible()
  await expect(bo.log.getByText(/closed/i).last()).toBeVisible()

  const [eml] = await server.mails(1)
  const mail = await simpleParser(eml ?? '')
  const text = mail.text ?? ''
  const said = ['Do you repair old lamps?', 'Yes, we do. Bring it in on Tuesday.', 'Wonderful, thank you']
  const places = said.map((words) => text.indexOf(words))
  expect(places.every((place) => place >= 0)).toBe(true)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(text).not.toContain('be kind')
  expect(mail.html).not.toContain('be kind')
  expect(text.match(/\d{1,2}:\d{2}/g)?.length ?? 0).toBeGreaterThanOrEqual(said.length)
  expect(text).toContain(`${server.website}/demo`)
  expect([mail.to].flat()[0]?.text).toBe('robin@example.com')
  await expect(ada.log.getByText(/robin@example\.com/).last()).toBeVisible()

  // The comment was never on the visitor's wire, let alone on the screen.
  expect(visitor.received.length).toBeGreaterThan(0)
  expect(visitor.received.join('')).not.toContain('be kind')
  await expect(visitor.widget.getByText('be kind')).toHaveCount(0)

  await visitor.widget.getByRole('button', { name: 'Start a new chat' }).click()
  await visitor.say('One more question')
  await expect(visitor.log.getByText('One more question')).toBeVisible()
  await expect(visitor.log.getByText('Do you repair old lamps?')).toHaveCount(0)
  await ada.open('One more question')
  await expect(ada.log.getByText('One more question')).toBeVisible()
})

test('[F6] the visitor’s chat survives a reload and a lost network, and a message reopens what was closed', async ({
  browser,
}) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada')
  const visitor = await VisitorOnSite.arrive(browser, server)
  await visitor.openChat()
  await visitor.say('Are you open on Monday?')
  await ada.open('Are you open on Monday?')
  await ada.reply('From nine to five')
  await expect(visitor.log.getByText('From nine to five')).toBeVisible()

  await visitor.page.reload()
  await visitor.openChat()
  await expect(visitor.log.getByText('From nine to five')).toBeVisible()

  await server.kill()
  await visitor.say('And on Sunday?')
  await expect(visitor.log.getByText('And on Sunday?')).toBeVisible()
  await ada.reply('I am still here')
  await expect(ada.log.getByText('I am still here')).toBeVisible()
  await server.start()
  await expect(visitor.log.getByText('I am still here')).toBeVisible({ timeout: 20_000 })
  await expect(ada.log.getByText('And on Sunday?')).toBeVisible({ timeout: 20_000 })

  await ada.close()
  await expect(visitor.widget.getByText('This chat has ended')).toBeVisible()
  await visitor.widget.getByRole('button', { name: 'Continue this chat' }).click()
  await visitor.say('Wait, which bus?')
  await expect(ada.log.getByText('Wait, which bus?')).toBeVisible()
  await expect(ada.page.getByRole('button', { name: 'Close conversation' })).toBeVisible()
})
