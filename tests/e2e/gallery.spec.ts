import { expect } from '@playwright/test'
import { readdirSync, readFileSync } from 'node:fs'
import { startServer } from './support/server.ts'
import { test } from './support/story.ts'

test('the gallery is for development: the build has nothing of it', async ({ page }) => {
  const files = readdirSync('build/app', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(js|css|html)$/.test(name),
  )
  expect(files.length).toBeGreaterThan(10)
  // Words of its page, and of the people in it.
  const told = (name: string) =>
    /Every component, in every state|01HV0DEM0V1S1T0R/.test(readFileSync(`build/app/${name}`, 'utf8'))
  expect(files.filter(told)).toEqual([])

  const server = await startServer()
  await page.goto(`${server.inbox}/gallery`)
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible()
  await server.remove()
})
