// One hash for all that a build is made from.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { root } from './run.mjs'

/**
 * A hash over names and contents, in an order that does not depend on the machine. Contents, not times: Git sets times
 * as it likes.
 * @param {string[]} entries files and folders, relative to the project; a missing one counts as missing
 */
export function hashOf(entries) {
  const hash = createHash('sha256')
  for (const entry of entries) {
    for (const file of filesIn(entry)) {
      const content = fs.readFileSync(path.join(root, file))
      // The length keeps "a" + "bc" apart from "ab" + "c".
      hash.update(`${file.split(path.sep).join('/')}\0${content.length}\0`).update(content)
    }
  }
  return hash.digest('hex')
}

/**
 * @param {string} entry
 * @returns {string[]}
 */
function filesIn(entry) {
  const stat = fs.statSync(path.join(root, entry), { throwIfNoEntry: false })
  if (!stat) return []
  if (!stat.isDirectory()) return [entry]
  const names = fs.readdirSync(path.join(root, entry)).sort()
  return names.flatMap((name) => filesIn(path.join(entry, name)))
}

/**
 * Says whether the installed packages are those of package-lock.json; after a pull they may not be.
 * @throws if one that Parley runs on differs
 */
export function checkDependencies() {
  const wanted = read('package-lock.json')
  const installed = read('node_modules/.package-lock.json')
  // Another package manager leaves no such list; then there is nothing to compare.
  if (!wanted || !installed) return
  for (const name of Object.keys(wanted.packages[''].dependencies)) {
    const key = `node_modules/${name}`
    const [want, have] = [wanted.packages[key]?.version, installed.packages[key]?.version]
    if (want !== have) {
      throw new Error(`package-lock.json asks for ${name} ${want}, installed is ${have ?? 'none'}. Run "npm ci".`)
    }
  }
}

/** @param {string} file */
function read(file) {
  const full = path.join(root, file)
  return fs.existsSync(full) ? JSON.parse(fs.readFileSync(full, 'utf8')) : undefined
}
