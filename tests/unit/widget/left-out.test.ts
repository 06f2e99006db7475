import fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Whole from 'yjs'
import { append, stampsOf, textsOf } from '#conversation/document.ts'
import { STAMPS } from '#conversation/wire.ts'
import { LEFT_OUT } from '../../../vite.widget.config.ts'

/** The widget's build has not all of Yjs: what it has must do what the whole does, with anything that a thread holds. */

const folder = mkdtempSync(join(tmpdir(), 'parley-yjs-'))
afterAll(() => rmSync(folder, { recursive: true }))

let Less: typeof Whole
beforeAll(async () => {
  const entry = join(createRequire(import.meta.url).resolve('yjs/package.json'), '../src/index.js')
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: LEFT_OUT },
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  })
  const [{ output }] = built as { output: { code: string }[] }[] as [{ output: { code: string }[] }]
  const file = join(folder, 'yjs.mjs')
  writeFileSync(file, output[0]?.code ?? '')
  // The whole one is loaded as well, which Yjs warns of, for good reason; nothing is mixed here but bytes.
  Less = (await import(file)) as typeof Whole
}, 60_000)

/** What several devices and the relay write, as single updates, in the order in which they were written. */
function updatesOf(writers: number[]): Uint8Array[] {
  const docs = new Map<number, Whole.Doc>()
  const updates: Uint8Array[] = []
  for (const [i, writer] of writers.entries()) {
    const doc = docs.get(writer) ?? new Whole.Doc()
    if (!docs.has(writer)) {
      docs.set(writer, doc)
      doc.on('update', (update: Uint8Array) => updates.push(update))
    }
    if (writer === 0) doc.getArray(STAMPS).push([[`entry-${i}`, 1_780_000_000_000 + i]])
    else append(doc, `entry-${i}`, `{"text":"word ${i} 👍"}`, null)
  }
  return updates
}

const shown = (doc: Whole.Doc) => ({ texts: textsOf(doc).toJSON(), stamps: stampsOf(doc) })

/** Updates as a network gives them: in any order, some more than once, some not at all. */
const journeys = fc
  .array(fc.nat(3), { minLength: 1, maxLength: 20 })
  .chain((writers) =>
    fc.record({ writers: fc.constant(writers), order: fc.array(fc.nat(writers.length - 1), { maxLength: 40 }) }),
  )

describe('the Yjs of the widget', () => {
  test('shows and passes on what the whole one does, also while something before it is missing', () => {
    fc.assert(
      fc.property(journeys, ({ writers, order }) => {
        const updates = updatesOf(writers)
        const [less, whole] = [new Less.Doc(), new Whole.Doc()]
        for (const at of order) {
          const update = updates[at] as Uint8Array
          Less.applyUpdate(less, update)
          Whole.applyUpdate(whole, update)
        }
        expect(shown(less)).toEqual(shown(whole))
        expect(Less.encodeStateVector(less)).toEqual(Whole.encodeStateVector(whole))
        // What it keeps on the disk or sends on, with what waits in it.
        const next = new Whole.Doc()
        Whole.applyUpdate(next, Less.encodeStateAsUpdate(less))
        const rest = Whole.mergeUpdates(updates)
        for (const doc of [next, whole]) Whole.applyUpdate(doc, rest)
        Less.applyUpdate(less, Less.diffUpdate(Less.mergeUpdates(updates), Less.encodeStateVector(less)))
        expect(shown(less)).toEqual(shown(whole))
        expect(shown(next)).toEqual(shown(whole))
        expect([...textsOf(whole).keys(), ...stampsOf(whole)]).toHaveLength(writers.length)
      }),
    )
  })

  test('refuses what no thread holds', () => {
    const doc = new Whole.Doc()
    doc.getText('draft').insert(0, 'words')
    expect(() => Less.applyUpdate(new Less.Doc(), Whole.encodeStateAsUpdate(doc))).toThrow(/plain values/)
  })
})
