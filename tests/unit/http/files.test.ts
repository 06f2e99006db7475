import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createFiles } from '#server/http/files.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-files-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a file that could not be read once is read the next time', async () => {
  const path = join(folder, 'widget.js')
  writeFileSync(path, 'first')
  const files = createFiles(folder)
  expect(await files.get('nothing.js')).toBeNull()
  rmSync(path)
  await expect(files.get('widget.js')).rejects.toThrow('ENOENT')
  writeFileSync(path, 'second')
  expect((await files.get('widget.js'))?.body.toString()).toBe('second')
})
