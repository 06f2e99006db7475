import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse, type AST } from 'svelte/compiler'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

/** Everything that people see comes from the catalogue, and nothing is in the catalogue that nobody sees. */

const files = ['src/lib', 'src/routes'].flatMap((folder) =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // The gallery is for developers, and is in no build.
    .filter((name) => !name.startsWith('gallery'))
    .map((name) => path.join(folder, name))
    .filter((name) => /\.(svelte|ts)$/.test(name) && !name.includes(`texts${path.sep}`)),
)
const components = files.filter((file) => file.endsWith('.svelte'))
const read = (file: string) => fs.readFileSync(file, 'utf8')

/** What is the same in every language: names (the sample visitor's and shop's too), an example, keys of the table of bindings (`keysShown` translates them). */
const NAMES = /Parley|Lumen & Oak|Robin Vale|https:\/\/example\.com|^Shift Enter$/g

/** Attributes and properties of components that end up in front of people. */
const SHOWN =
  /^(aria-(label|description|roledescription|valuetext)|title|placeholder|alt|label|hint|words|action|name|description)$/

/** Words for the machine in places that are else shown: the names of fields. */
const MACHINE = new Set(['name', 'email', 'password', 'website'])

const wordy = (text: string) => /\p{L}/u.test(text.replaceAll(NAMES, ''))

interface Node {
  type: string
  [key: string]: unknown
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** The words that an expression can come to by itself; what functions are given is not shown. */
function wordsIn(node: unknown): string[] {
  if (!isNode(node)) return []
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : []
    case 'TemplateLiteral': {
      const quasis = node['quasis'] as { value: { cooked: string } }[]
      return [...quasis.map((quasi) => quasi.value.cooked), ...(node['expressions'] as unknown[]).flatMap(wordsIn)]
    }
    case 'ConditionalExpression':
      return [...wordsIn(node['consequent']), ...wordsIn(node['alternate'])]
    case 'LogicalExpression':
    case 'BinaryExpression':
      return ['===', '!==', '<', '>'].includes(String(node['operator']))
        ? []
        : [...wordsIn(node['left']), ...wordsIn(node['right'])]
    default:
      return []
  }
}

/** The words that a component's markup shows by itself. */
function shownBy(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(shownBy)
  if (!isNode(node)) return []
  if (node.type === 'StyleDirective') return []
  if (node.type === 'Text') return [String(node['data'])]
  if (node.type === 'ExpressionTag') return wordsIn(node['expression'])
  if (node.type === 'Attribute') {
    if (!SHOWN.test(String(node['name']))) return []
    const words = shownBy(node['value'])
    return node['name'] === 'name' ? words.filter((word) => !MACHINE.has(word)) : words
  }
  return Object.entries(node).flatMap(([key, value]) => (CODE.has(key) ? [] : shownBy(value)))
}

/** Parts of a node that are code, or say how and not what. */
const CODE = new Set(['expression', 'test', 'context', 'key', 'parameters', 'metadata', 'declaration', 'index'])

function markupOf(file: string): string[] {
  const { fragment }: AST.Root = parse(read(file), { modern: true, filename: file })
  return shownBy(fragment).filter(wordy)
}

/** Strings of a script that read like a sentence: a capital, and a second word. What is thrown is for developers. */
function sentencesOf(file: string): string[] {
  const text = file.endsWith('.svelte') ? (/<script[^>]*>(.*?)<\/script>/s.exec(read(file))?.[1] ?? '') : read(file)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isThrowStatement(node) || ts.isImportDeclaration(node)) return
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  return found.filter((each) => wordy(each) && /^\p{Lu}[\p{L}’'-]*[,.:]? \S/u.test(each))
}

describe('what the inbox says', () => {
  test('no component shows words of its own', () => {
    expect(components.flatMap((file) => markupOf(file).map((words) => `${file}: ${words}`))).toEqual([])
  })

  test('no script holds a sentence', () => {
    expect(files.flatMap((file) => sentencesOf(file).map((words) => `${file}: ${words}`))).toEqual([])
  })

  test('the scan finds what is hard-coded, wherever it stands', () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'parley-said-')), 'Bad.svelte')
    fs.writeFileSync(
      file,
      `<script lang="ts">const sentence = 'Nobody said this'</script>
       {#if one}<p title="Title">Text</p>{:else}<b aria-label={two ? 'Yes' : \`No \${three}\`}>{four || 'None'}</b>{/if}
       <Field label="Label" name="email" type="email" /><i class="quiet">{say('machine')}</i>`,
    )
    expect(markupOf(file)).toEqual(['Title', 'Text', 'Yes', 'No ', 'None', 'Label'])
    expect(sentencesOf(file)).toEqual(['Nobody said this'])
    fs.rmSync(path.dirname(file), { recursive: true })
  })

  test('every text of the catalogue is said somewhere', () => {
    const code = files.map(read).join('\n')
    const keys = Object.keys(JSON.parse(read('texts/inbox/en.json')) as object)
    expect(keys.filter((key) => !new RegExp(`\\bm\\.${key}\\b`).test(code))).toEqual([])
  })
})
