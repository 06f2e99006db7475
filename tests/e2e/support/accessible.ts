import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Expects a page, as it is now, to have nothing that assistive tools would stumble over, in both themes. */
export async function accessible(place: string, page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  expect.soft(await violations(page), `${place}, light`).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  // The other theme is other colours, and nothing else.
  expect.soft(await violations(page, ['color-contrast']), `${place}, dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

async function violations(page: Page, rules?: string[]): Promise<string[]> {
  await atRest(page)
  // Legacy mode opens no second page for its report, which takes far longer than the check. What is in a frame is
  // another document, with landmarks of its own, and is looked at by itself.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ iframes: false })
  const { violations } = await (rules === undefined ? axe : axe.withRules(rules)).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

/** Even without motion, colours change from one frame to the next. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise(requestAnimationFrame)
    const endless = (each: Animation) => each.effect?.getComputedTiming().endTime === Infinity
    const ending = document.getAnimations().filter((each) => !endless(each))
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
}
