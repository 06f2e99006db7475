import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const GALLERY = join(root, 'src/routes/gallery')

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => ending.test(name))
}

function galleryText(): string {
  return filesIn('src/routes/gallery', /\.(svelte|ts)$/)
    .map((name) => readFileSync(join(GALLERY, name), 'utf8'))
    .join('\n')
}

test('every component of src/lib/ui has a place in the gallery', () => {
  const text = galleryText()
  const components = filesIn('src/lib/ui', /\.svelte$/)
  expect(components.length).toBeGreaterThan(15)
  expect(components.filter((name) => !text.includes(`'#ui/${name}'`))).toEqual([])
})

test('every section of the gallery is shown', () => {
  const listed = readFileSync(join(GALLERY, 'sections.ts'), 'utf8')
  const sections = filesIn('src/routes/gallery/sections', /\.svelte$/)
  // What sections share stands beside them and is imported by one of them.
  const text = galleryText()
  expect(sections.filter((name) => !listed.includes(`./sections/${name}`) && !text.includes(`'./${name}'`))).toEqual([])
})
