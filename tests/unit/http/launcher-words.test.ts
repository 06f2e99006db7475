import { expect, test } from 'vitest'
import type { Files } from '#server/http/files.ts'
import { launcherWords } from '#server/http/launcher-words.ts'

const words = (open: string) => ({ open, close: 'c', one: '1', other: 'o', failed: 'f' })
const built = Buffer.from(
  JSON.stringify({ en: words('Open chat'), nl: words('Chat openen'), de: words('Chat öffnen') }),
)
const files: Files = {
  get: async (path) =>
    path === 'launcher.json' ? { body: built, gzipped: null, type: 'application/json', etag: '"1"' } : null,
}
const opens = async (page: string, accepted?: string) => (await launcherWords(files, page, accepted))?.open

test('the launcher speaks the page’s language, English on a page in any other', async () => {
  expect(await opens('nl-BE', 'de')).toBe('Chat openen')
  expect(await opens('ar', 'de')).toBe('Open chat')
})

test('on a page that names none it speaks the browser’s, by its preference', async () => {
  expect(await opens('', 'sv-SE,de-AT;q=0.9,nl;q=0.8')).toBe('Chat öffnen')
  expect(await opens('')).toBe('Open chat')
})

test('as long as the widget is not built there are none', async () => {
  expect(await launcherWords({ get: async () => null }, 'nl')).toBeNull()
})
