import {
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type FrameLocator,
  type Locator,
  type Page,
} from '@playwright/test'
import type { TestServer } from './server.ts'

/** People of the stories: each has a browser of its own. */

/** An agent at the inbox. */
export class AgentAtWork {
  readonly page: Page
  readonly context: BrowserContext
  readonly list: Locator
  readonly log: Locator

  private constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    this.list = page.getByRole('list', { name: 'Conversations' })
    this.log = page.getByRole('log', { name: 'Conversation' })
  }

  /** Signs in with the demo's one click. */
  static async signIn(
    browser: Pick<Browser, 'newContext'>,
    server: TestServer,
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<AgentAtWork> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    await page.goto(`${server.inbox}/`)
    await page.getByRole('button', { name: new RegExp(name) }).click()
    const agent = new AgentAtWork(context, page)
    await expect(agent.list).toBeVisible()
    return agent
  }

  /** Opens the conversation whose line shows these words. */
  async open(words: string): Promise<void> {
    await this.list.getByRole('link').filter({ hasText: words }).click()
    await expect(this.log).toBeVisible()
  }

  async reply(words: string): Promise<void> {
    await this.page.getByRole('tab', { name: 'Reply' }).click()
    await this.page.getByRole('textbox', { name: 'Reply' }).fill(words)
    await this.page.getByRole('button', { name: 'Send', exact: true }).click()
  }

  async comment(words: string): Promise<void> {
    await this.page.getByRole('tab', { name: 'Comment' }).click()
    await this.page.getByRole('textbox', { name: 'Comment' }).fill(words)
    await this.page.getByRole('button', { name: /^(Send|Add comment|Comment)$/ }).click()
  }

  async close(): Promise<void> {
    await this.page.getByRole('button', { name: 'Close conversation' }).click()
  }
}

/** A visitor on the sample website, which is on another origin than the inbox. */
export class VisitorOnSite {
  readonly page: Page
  readonly context: BrowserContext
  readonly widget: FrameLocator
  readonly log: Locator
  /** Every byte that came in over the visitor's sockets, as text (latin1). */
  readonly received: string[] = []

  private constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    this.widget = page.frameLocator('iframe')
    this.log = this.widget.getByRole('log', { name: 'Conversation' })
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.received.push(Buffer.from(payload).toString('latin1')))
    })
  }

  static async arrive(
    browser: Pick<Browser, 'newContext'>,
    server: TestServer,
    options: BrowserContextOptions = {},
  ): Promise<VisitorOnSite> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const visitor = new VisitorOnSite(context, page)
    await page.goto(`${server.website}/demo`)
    return visitor
  }

  async openChat(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open chat' }).click()
    await expect(this.widget.getByRole('textbox', { name: 'Message' })).toBeVisible()
  }

  async say(words: string): Promise<void> {
    await this.widget.getByRole('textbox', { name: 'Message' }).fill(words)
    await this.widget.getByRole('button', { name: 'Send', exact: true }).click()
  }
}
