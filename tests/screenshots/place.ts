import type { Browser, BrowserContext, BrowserContextOptions } from '@playwright/test'
import { AgentAtWork, VisitorOnSite } from '../e2e/support/people.ts'
import { startServer, type TestServer } from '../e2e/support/server.ts'
import { setAhead } from './clock.ts'

/** How a picture is taken; every state is taken in each of these. */
export const THEMES = ['light', 'dark'] as const
export const SIZES = {
  '1440x900': { viewport: { width: 1440, height: 900 } },
  '390x844': { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const satisfies Record<string, BrowserContextOptions>
export type Theme = (typeof THEMES)[number]
export type Size = keyof typeof SIZES

/** A demo workspace of its own, and people who come to it, all with the same clock, theme and size. */
export class Place {
  readonly server: TestServer
  readonly #browser: Browser
  readonly #options: BrowserContextOptions
  readonly #ahead: number
  readonly #contexts: BrowserContext[] = []

  constructor(server: TestServer, browser: Browser, options: { theme: Theme; size: Size; ahead: number }) {
    this.server = server
    this.#browser = browser
    this.#ahead = options.ahead
    this.#options = {
      ...SIZES[options.size],
      colorScheme: options.theme,
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    }
  }

  /** @param ahead how far the server's clock is set ahead of this machine's, in ms */
  static startServer(ahead: number): Promise<TestServer> {
    process.env['PARLEY_SCREENSHOTS_AHEAD'] = String(ahead)
    return startServer(['--import', new URL('server-clock.ts', import.meta.url).href])
  }

  agent(name: string): Promise<AgentAtWork> {
    return AgentAtWork.signIn(this, this.server, name, this.#options)
  }

  visitor(): Promise<VisitorOnSite> {
    return VisitorOnSite.arrive(this, this.server, this.#options)
  }

  /** Somebody new, who has not been anywhere yet. */
  async newContext(options: BrowserContextOptions = this.#options): Promise<BrowserContext> {
    const context = await this.#browser.newContext(options)
    await context.addInitScript(setAhead, this.#ahead)
    this.#contexts.push(context)
    return context
  }

  /** Everybody goes. */
  async leave(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()))
  }
}
