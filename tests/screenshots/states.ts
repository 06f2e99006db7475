import type { Page } from '@playwright/test'
import type { AgentAtWork, VisitorOnSite } from '../e2e/support/people.ts'
import type { Place } from './place.ts'

/** Brings people to where a picture is taken; gives the page that is taken, once it shows what it is to show. */
type State = (place: Place) => Promise<Page>

/**
 * The states that pictures are taken of, by name. To add one, add a line. They share a server and go in this order, so
 * what writes stands after what only looks.
 */
export const STATES = {
  'sign-in': signIn,
  'inbox-list': async (place) => (await live(place, 'Ada')).page,
  thread: async (place) => opened(await live(place, 'Bo'), 'Priya Nair'),
  closed,
  missing,
  assign,
  keyboard,
  settings,
  'thread-comment': threadComment,
  'offline-waiting': offlineWaiting,
  empty,
  'widget-greeting': async (place) => (await atChat(place)).page,
  'widget-chat': async (place) => (await chatting(place, 'robin@example.com')).visitor.page,
  'composer-typing': composerTyping,
  'widget-ended': widgetEnded,
  stage,
} satisfies Record<string, State>

async function signIn(place: Place): Promise<Page> {
  const page = await (await place.newContext()).newPage()
  await page.goto(`${place.server.inbox}/`)
  await page.getByRole('button', { name: /Ada/ }).waitFor()
  return page
}

/** An agent who has nothing to do: all that was theirs is nobody's now. */
async function empty(place: Place): Promise<Page> {
  const cy = await live(place, 'Cy')
  await inView(cy, 'Mine')
  const lines = cy.list.getByRole('link')
  for (let left = await lines.count(); left > 0; left--) {
    await lines.first().click()
    await cy.page.getByRole('button', { name: /^Assignee/ }).click()
    await cy.page.getByRole('menuitemcheckbox', { name: 'Nobody' }).click()
    await cy.page.getByText('Assignee').or(cy.log).first().waitFor()
    await cy.page.goto(`${place.server.inbox}/inbox?view=mine`)
    if (left > 1) await cy.list.waitFor()
  }
  await cy.page.getByText('Nothing is assigned to you').waitFor()
  return cy.page
}

/** A conversation that has ended, with what its visitor thought of it. */
async function closed(place: Place): Promise<Page> {
  const ada = await live(place, 'Ada')
  await inView(ada, 'Closed')
  return opened(ada, 'thank you so much', 'Changed. You will')
}

async function missing(place: Place): Promise<Page> {
  const { page } = await live(place, 'Ada')
  await page.goto(`${place.server.inbox}/inbox/01J00000000000000000000000`)
  await page.getByRole('heading', { name: 'This conversation is not here' }).waitFor()
  return page
}

async function assign(place: Place): Promise<Page> {
  const page = await opened(await live(place, 'Ada'), 'Jana Weber')
  await page.getByRole('button', { name: /^Assignee/ }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Nobody' }).waitFor()
  return page
}

async function keyboard(place: Place): Promise<Page> {
  const { page } = await live(place, 'Ada')
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  return page
}

async function settings(place: Place): Promise<Page> {
  const { page } = await live(place, 'Ada')
  await page.goto(`${place.server.inbox}/settings/demo`)
  await page.getByRole('figure').waitFor()
  return page
}

/** The demo's stage, where one of the agents is unplugged and writes all the same. */
async function stage(place: Place): Promise<Page> {
  const page = await (await place.newContext()).newPage()
  await page.goto(`${place.server.inbox}/demo/stage`)
  const ada = page.locator('#stage-place-ada')
  await ada.waitFor({ state: 'attached' })
  // On a phone one place is shown at a time.
  const tab = page.getByRole('tab', { name: /Ada/ })
  if (await tab.isVisible()) await tab.click()
  const inbox = ada.frameLocator('iframe')
  const reply = inbox.getByRole('textbox', { name: 'Reply' })
  await reply.waitFor()
  // What is sent before there is a conversation to be seen is no entry yet.
  await inbox.locator('[data-entry]').first().waitFor()
  await ada.getByRole('switch').click()
  await reply.fill('We do. It will be on the table for you.')
  await reply.press('Enter')
  await ada.getByText('1 waiting').waitFor()
  return page
}

/** An agent writes a reply; a colleague looks at the same thread and writes a comment. */
async function threadComment(place: Place): Promise<Page> {
  const [ada, bo] = await Promise.all([live(place, 'Ada'), live(place, 'Bo')])
  await Promise.all([opened(ada, 'Marcus Hill'), opened(bo, 'Marcus Hill')])
  await ada.page
    .getByRole('textbox', { name: 'Reply' })
    .fill('You will: it comes by e-mail as soon as the parcel is scanned.')
  await bo.page.getByRole('tab', { name: 'Comment' }).click()
  await bo.page.getByRole('textbox', { name: 'Comment' }).pressSequentially('I can take')
  await ada.page.getByText('Bo is writing a comment').waitFor()
  return ada.page
}

async function offlineWaiting(place: Place): Promise<Page> {
  const ada = await live(place, 'Ada')
  await opened(ada, 'Jana Weber')
  await ada.page.getByRole('tab', { name: 'Reply' }).waitFor()
  await ada.context.setOffline(true)
  await ada.page.getByText('Offline', { exact: false }).first().waitFor()
  for (const words of ['Guten Tag, das klingt nach dem Dimmer.', 'Mögen Sie die Leuchte einschicken?']) {
    await ada.reply(words)
    await ada.log.getByText(words).waitFor()
  }
  await ada.page.getByText('2 waiting').waitFor()
  return ada.page
}

async function composerTyping(place: Place): Promise<Page> {
  const { visitor, bo } = await chatting(place, 'kim.larsen@example.com')
  await visitor.widget.getByRole('textbox', { name: 'Message' }).pressSequentially('One more')
  await bo.page.getByText('is typing').waitFor()
  await bo.page
    .getByRole('textbox', { name: 'Reply' })
    .fill(
      'Of course: within 60 days, and we pay the way back.\n\nKeep the box if you can, the shade travels best in it.',
    )
  return bo.page
}

async function widgetEnded(place: Place): Promise<Page> {
  const { visitor, bo } = await chatting(place, 'noor@example.com')
  await bo.close()
  await visitor.widget.getByText('This chat has ended').waitFor()
  return visitor.page
}

/** A visitor and an agent in the widget; the agent goes on writing. */
async function chatting(place: Place, address: string): Promise<{ visitor: VisitorOnSite; bo: AgentAtWork }> {
  const visitor = await atChat(place)
  await visitor.say('Hello, does the reading lamp come with a bulb?')
  const email = visitor.widget.getByRole('textbox', { name: 'E-mail' })
  await email.fill(address)
  await email.press('Enter')
  const bo = await live(place, 'Bo')
  await opened(bo, address)
  const first = bo.log.getByText('come with a bulb')
  await first.waitFor()
  await bo.reply('It does: a warm white LED, and it can be dimmed.')
  await visitor.log.getByText('can be dimmed').waitFor()
  await visitor.say('Lovely. And can I return it if it does not suit?')
  await bo.log.getByText('if it does not suit').waitFor()
  await bo.page.getByRole('textbox', { name: 'Reply' }).pressSequentially('Of course')
  await visitor.widget.getByText('is typing').waitFor()
  return { visitor, bo }
}

async function atChat(place: Place): Promise<VisitorOnSite> {
  const visitor = await place.visitor()
  await visitor.openChat()
  return visitor
}

/** An agent whose inbox has caught up. */
async function live(place: Place, name: string): Promise<AgentAtWork> {
  const agent = await place.agent(name)
  await agent.page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor()
  return agent
}

async function inView({ page }: AgentAtWork, view: string): Promise<Page> {
  const tab = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view })
  await tab.click()
  await page.locator('nav a[aria-current]', { hasText: view }).waitFor()
  return page
}

/** Opens the conversation whose line shows these words, until its thread shows `shows`. */
async function opened(agent: AgentAtWork, words: string, shows = words): Promise<Page> {
  await agent.open(words)
  await agent.page.getByRole('heading', { level: 1 }).getByText(shows).or(agent.log.getByText(shows)).first().waitFor()
  await agent.log.locator('time').first().waitFor()
  return agent.page
}
