import { test as base } from '@playwright/test'

/**
 * A story, whose people leave when it is over: whoever stays in the browser goes on syncing, and the next stories pay
 * for it.
 */
export const test = base.extend<{ leaving: void }>({
  leaving: [
    async ({ browser }, use) => {
      await use()
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    { auto: true },
  ],
})
