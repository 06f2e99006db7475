// `npm run screenshots [-- <names>]`: the pictures of the documentation, taken from a demo workspace of their own.
import { chromium } from '@playwright/test'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { ensureAllBuilt } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { ended, root, script, startNode } from './run.mjs'

/**
 * @typedef {object} Place
 * @property {string} inbox the inbox's origin
 * @property {string} website the sample website's, another one
 * @property {(options?: import('@playwright/test').BrowserContextOptions) => Promise<import('@playwright/test').Page>} visit
 *   a page of somebody new
 */

/**
 * A picture: the file that it becomes, and the page that is ready to be taken. To add one, add a line.
 * @type {Record<string, { file: string, show: (place: Place) => Promise<import('@playwright/test').Page> }>}
 */
const PICTURES = {
  inbox: { file: 'docs/inbox.png', show: inbox },
  widget: { file: 'docs/widget.png', show: widget },
}

const LARGE = { viewport: { width: 1440, height: 900 } }
const SMALL = { viewport: { width: 1000, height: 720 } }

/** An agent reads a thread with a comment in it, while a colleague writes. @param {Place} place */
async function inbox(place) {
  const ada = await signedIn(place, 'Ada', LARGE)
  const bo = await signedIn(place, 'Bo', LARGE)
  for (const page of [ada, bo]) await openedBy(page, 'Marcus Hill')
  await ada
    .getByRole('textbox', { name: 'Reply' })
    .fill('You will: it comes by e-mail as soon as the parcel is scanned.')
  await bo.getByRole('tab', { name: 'Comment' }).click()
  await bo.getByRole('textbox', { name: 'Comment' }).pressSequentially('I can take')
  await ada.getByText('Bo is writing a comment').waitFor()
  return ada
}

/** A visitor and an agent in the widget, on the sample website. @param {Place} place */
async function widget(place) {
  const visitor = await place.visit(SMALL)
  await visitor.goto(`${place.website}/demo/`)
  await visitor.getByRole('button', { name: 'Open chat' }).click()
  const chat = visitor.frameLocator('iframe')
  const field = chat.getByRole('textbox', { name: 'Message' })
  const says = async (/** @type {string} */ words) => {
    await field.fill(words)
    await field.press('Enter')
  }
  await says('Hello, does the reading lamp come with a bulb?')
  await chat.getByRole('textbox', { name: 'E-mail' }).fill('robin@example.com')
  await chat.getByRole('textbox', { name: 'E-mail' }).press('Enter')

  const bo = await signedIn(place, 'Bo', LARGE)
  await openedBy(bo, 'robin@example.com')
  const reply = bo.getByRole('textbox', { name: 'Reply' })
  await reply.fill('It does: a warm white LED, and it can be dimmed.')
  await reply.press('Enter')
  await chat.getByText('can be dimmed').waitFor()
  await says('Lovely. And can I return it if it does not suit?')
  await bo.getByRole('log').getByText('if it does not suit').waitFor()
  await reply.pressSequentially('Of course')
  await chat.getByText('is typing').waitFor()
  return visitor
}

/** @param {Place} place @param {string} name @param {import('@playwright/test').BrowserContextOptions} options */
async function signedIn(place, name, options) {
  const page = await place.visit(options)
  await page.goto(`${place.inbox}/`)
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.getByRole('status', { name: 'Connection' }).getByText('Live').waitFor()
  return page
}

/** @param {import('@playwright/test').Page} page @param {string} visitor */
async function openedBy(page, visitor) {
  await page.getByRole('list', { name: 'Conversations' }).getByRole('link').filter({ hasText: visitor }).click()
  await page.getByRole('log', { name: 'Conversation' }).getByText(visitor).first().waitFor()
}

/** @param {string[]} names */
async function take(names) {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-screenshots-'))
  const port = await freePort()
  const server = startNode(['sync-server/main.ts'], { PORT: `${port}`, DATA_DIR: data, ORIGIN: '', HOST: '' })
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    // As browsers are in the street: Playwright's own list switches the partitioning of storage off.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-features=Translate'],
  })
  try {
    const origin = `http://127.0.0.1:${port}`
    await listens(`${origin}/healthz`, server)
    for (const name of names) {
      const { file, show } = PICTURES[name] ?? unknown(name)
      const visit = async (options = {}) =>
        (await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })).newPage()
      const page = await show({ inbox: origin, website: `http://localhost:${port}`, visit })
      fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
      await page.screenshot({ path: path.join(root, file), animations: 'disabled' })
      console.log(`${file}: ${Math.ceil(fs.statSync(path.join(root, file)).size / 1024)} KB`)
      await Promise.all(browser.contexts().map((context) => context.close()))
    }
  } finally {
    await browser.close()
    server.kill()
    await ended(server)
    fs.rmSync(data, { recursive: true, force: true })
  }
  return 0
}

/** @param {string} name @returns {never} */
function unknown(name) {
  throw new Error(`There is no picture "${name}". There are: ${Object.keys(PICTURES).join(', ')}.`)
}

/** @param {string} url @param {import('node:child_process').ChildProcess} server */
async function listens(url, server) {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode} before it listened.`)
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

await script(async () => {
  await ensureAllBuilt()
  const named = process.argv.slice(2)
  return take(named.length > 0 ? named : Object.keys(PICTURES))
})
