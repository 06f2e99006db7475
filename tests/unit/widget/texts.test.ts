import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = 'src/widget'
const keys = Object.keys(JSON.parse(fs.readFileSync('texts/widget/en.json', 'utf8')) as object)

const sources = fs
  .readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|svelte)$/.test(name) && !name.includes('compiled'))
  .map((name) => fs.readFileSync(path.join(root, name), 'utf8'))
  .join('\n')

test('every text of the widget’s catalogue is said somewhere', () => {
  const named = new Set([...sources.matchAll(/\bm\.(\w+)\(/g)].map(([, key]) => key))
  // Chosen by what happened: m[`event_${...}`].
  const chosen = [...sources.matchAll(/\bm\[`(\w+)\$\{/g)].map(([, prefix]) => prefix ?? '')
  // The launcher's are read by the widget's build (vite.widget.config.ts).
  const build = fs.readFileSync('vite.widget.config.ts', 'utf8')
  const launched = (key: string) => key.startsWith('launcher_') && build.includes(`'${key.slice('launcher_'.length)}'`)
  const unsaid = keys.filter(
    (key) => !named.has(key) && !chosen.some((prefix) => key.startsWith(prefix)) && !launched(key),
  )
  expect(unsaid).toEqual([])
})
