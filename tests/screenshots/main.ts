import { chromium, type Page } from '@playwright/test'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { untilTuesday } from './clock.ts'
import { Place, SIZES, THEMES, type Size, type Theme } from './place.ts'
import { STATES } from './states.ts'

/**
 * `npm run screenshots`: takes every state in both themes and sizes, into build/screenshots/<state>-<theme>-<size>.png.
 * `-- thread closed` takes only these; `--theme dark` and `--size 390x844` narrow it down; `--docs` takes the pictures
 * of the README instead, into docs/screenshots.
 */

/** What the README shows: with the others, the repository would grow with every change of the look. */
const DOCS: readonly { state: keyof typeof STATES; theme: Theme; size: Size }[] = [
  { state: 'thread-comment', theme: 'light', size: '1440x900' },
  { state: 'widget-chat', theme: 'light', size: '1440x900' },
  { state: 'stage', theme: 'dark', size: '1440x900' },
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { theme: { type: 'string' }, size: { type: 'string' }, docs: { type: 'boolean', default: false } },
})
const folder = values.docs ? 'docs/screenshots' : 'build/screenshots'

function oneOf(what: string, named: string, names: readonly string[]): void {
  if (!names.includes(named)) throw new Error(`There is no ${what} "${named}". There are: ${names.join(', ')}.`)
}
for (const named of positionals) oneOf('state', named, Object.keys(STATES))
if (values.theme !== undefined) oneOf('theme', values.theme, THEMES)
if (values.size !== undefined) oneOf('size', values.size, Object.keys(SIZES))

function wanted(state: string, theme: Theme, size: Size): boolean {
  if (values.docs) return DOCS.some((each) => each.state === state && each.theme === theme && each.size === size)
  return (
    (positionals.length === 0 || positionals.includes(state)) &&
    (values.theme ?? theme) === theme &&
    (values.size ?? size) === size
  )
}

/** Takes the page once its fonts are there; without the caret, which blinks. */
async function take(page: Page, file: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
  console.log(`${file}: ${Math.ceil(statSync(file).size / 1024)} KB`)
}

const executablePath = process.env['PARLEY_CHROMIUM']
const browser = await chromium.launch({
  ...(executablePath !== undefined && { executablePath }),
  // As browsers are in the street: Playwright's own list switches the partitioning of storage off.
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-features=Translate'],
})
mkdirSync(folder, { recursive: true })
try {
  for (const theme of THEMES) {
    for (const size of Object.keys(SIZES) as Size[]) {
      const states = Object.entries(STATES).filter(([state]) => wanted(state, theme, size))
      if (states.length === 0) continue
      const ahead = untilTuesday(Date.now())
      // Nobody finds what was written for the pictures before: each round has a workspace of its own.
      const server = await Place.startServer(ahead)
      try {
        for (const [state, show] of states) {
          const place = new Place(server, browser, { theme, size, ahead })
          await take(await show(place), join(folder, `${state}-${theme}-${size}.png`))
          await place.leave()
        }
      } finally {
        await server.remove()
      }
    }
  }
} finally {
  await browser.close()
}
