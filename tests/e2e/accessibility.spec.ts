import { expect, type Frame, type Locator, type Page } from '@playwright/test'
import { accessible } from './support/accessible.ts'
import { AgentAtWork, VisitorOnSite } from './support/people.ts'
import { seeInbox, seeOutside } from './support/places.ts'
import { startServer, type TestServer } from './support/server.ts'
import { test } from './support/story.ts'

let server: TestServer
test.beforeAll(async () => {
  server = await startServer()
})
test.afterAll(async () => {
  await server.remove()
})

const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
}

for (const [size, device] of Object.entries(SIZES)) {
  const options = { ...device, colorScheme: 'light', reducedMotion: 'reduce' } as const
  for (const [where, see] of Object.entries({ outside: seeOutside, inbox: seeInbox })) {
    test(`every page is accessible in both themes, ${where}, ${size}`, async ({ browser }) => {
      // A dozen pages, and each is looked at as a whole.
      test.slow()
      await see(browser, server, options, accessible)
    })
  }
}

test('the inbox has its landmarks, one title, and a thread that is read out', async ({ browser }) => {
  for (const device of Object.values(SIZES)) {
    const ada = await AgentAtWork.signIn(browser, server, 'Ada', device)
    const titles = ada.page.getByRole('heading', { level: 1 })
    await expect(ada.page.getByRole('main')).toHaveCount(1)
    await expect(titles).toHaveCount(1)
    await ada.open('Marcus Hill')
    await expect(ada.page.getByRole('main')).toHaveCount(1)
    await expect(titles).toHaveText(['Marcus Hill'])
    await expect(ada.page.getByRole('log', { name: 'Conversation' })).toHaveCount(1)
    await ada.context.close()
  }
})

test('the Tab key goes through the inbox as one reads it', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada', SIZES.desktop)
  await ada.open('Marcus Hill')
  await expect(ada.page.getByRole('button', { name: 'Send', exact: true })).toBeVisible()
  await ada.page.getByRole('textbox', { name: 'Reply' }).fill('Something to send')
  await ada.page.getByRole('link', { name: 'Parley' }).focus()
  const passed: string[] = []
  for (let step = 0; step < 60 && passed.at(-1) !== 'Send'; step++) {
    passed.push(
      await ada.page.evaluate(() => {
        const { activeElement: at } = document
        return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? ''
      }),
    )
    await ada.page.keyboard.press('Tab')
  }
  const stations = [
    /^Parley/,
    /^You:/,
    /^Unassigned/,
    /Marcus Hill/,
    /^Assignee/,
    /^Close conversation/,
    /^More/,
    /^Conversation$/,
  ]
  const places = [...stations, /^Reply$/, /^Send$/].map((name) => passed.findIndex((each) => name.test(each)))
  expect(places, passed.join(' → ')).toEqual(places.toSorted((a, b) => a - b))
  expect(places).not.toContain(-1)
})

test('zoomed to 200 % nothing is lost', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada', { viewport: { width: 720, height: 450 } })
  await ada.open('Marcus Hill')
  await expect(ada.log.getByText('tracking number')).toBeInViewport()
  await expect(ada.page.getByRole('textbox', { name: 'Reply' })).toBeInViewport({ ratio: 1 })
  for (const name of ['Send', 'Close conversation', 'More', 'Show contact']) {
    await expect(ada.page.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 })
  }
  await expect(ada.page.getByRole('status', { name: 'Connection' })).toBeInViewport({ ratio: 1 })
  expect(await ada.log.evaluate(({ clientHeight }) => clientHeight)).toBeGreaterThan(120)
})

/** What still moves: by itself, or because something has just changed. */
function moving(frame: Page | Frame): Promise<string[]> {
  return frame.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState }) => playState === 'running')
      .map((each) => ((each as CSSAnimation).animationName ?? 'a transition') || 'unnamed'),
  )
}

/** Types on until the other side shows it: whoever pauses no longer counts as typing. */
async function typeUntil(shown: Locator, field: Locator): Promise<void> {
  await expect(async () => {
    await field.pressSequentially('so ')
    await expect(shown).toBeVisible({ timeout: 2000 })
  }).toPass()
}

test('whoever asks for little motion sees none', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada', { reducedMotion: 'reduce' })
  const visitor = await VisitorOnSite.arrive(browser, server, { reducedMotion: 'reduce' })
  await visitor.openChat()
  await visitor.say('Does anybody see me type?')
  await ada.open('Does anybody see me type?')
  await typeUntil(ada.page.getByText('is typing'), visitor.widget.getByRole('textbox', { name: 'Message' }))
  await typeUntil(visitor.widget.getByText('is typing'), ada.page.getByRole('textbox', { name: 'Reply' }))
  await ada.page.getByRole('button', { name: 'More' }).click()
  await expect(ada.page.getByRole('menu')).toBeVisible()
  await expect.poll(() => moving(ada.page)).toEqual([])
  for (const frame of visitor.page.frames()) await expect.poll(() => moving(frame)).toEqual([])
})

test('with the system’s own colours one still sees what is picked and what is a button', async ({ browser }) => {
  const ada = await AgentAtWork.signIn(browser, server, 'Ada', { forcedColors: 'active', ...SIZES.desktop })
  await ada.open('Marcus Hill')
  const picked = [
    ada.list.getByRole('link').filter({ hasText: 'Marcus Hill' }),
    ada.page.getByRole('navigation', { name: 'Views' }).locator('[aria-current]'),
    ada.page.getByRole('tab', { name: 'Reply' }),
  ]
  for (const each of picked) await expect(each).not.toHaveCSS('outline-style', 'none')
  await expect(ada.page.getByRole('button', { name: 'Close conversation' })).not.toHaveCSS('border-top-style', 'none')
})
