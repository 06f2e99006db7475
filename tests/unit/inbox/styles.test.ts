import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../../..', import.meta.url).pathname

/** The components of a folder, with the rules of each. */
function stylesIn(folder: string): { name: string; css: string }[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.svelte'))
    .map((name) => {
      const text = readFileSync(join(root, folder, name), 'utf8')
      return { name: join(folder, name), css: /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '' }
    })
}

/** The classes that rules of this shape begin with. */
const classes = (css: string, shape: RegExp) => new Set([...css.matchAll(shape)].map((found) => found[1] ?? ''))

test('what one component styles for the whole page is no name that another one uses for itself', () => {
  const all = [...stylesIn('src/lib'), ...stylesIn('src/routes')]
  const forAll = all.flatMap(({ name, css }) =>
    [...classes(css, /^\s*:global\(\.([\w-]+)\)/gm)].map((each) => ({ name, each })),
  )
  expect(forAll.length).toBeGreaterThan(10)
  const collisions = all.flatMap(({ name, css }) => {
    const own = classes(css, /^\s*\.([\w-]+)/gm)
    return forAll
      .filter((other) => other.name !== name && own.has(other.each))
      .map((other) => `.${other.each}: ${other.name}, ${name}`)
  })
  expect(collisions).toEqual([])
})
