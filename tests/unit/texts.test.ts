import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '#conversation/languages.ts'

/** A message: one text, or one for each count. */
type Message = string | { declarations: string[]; selectors: string[]; match: Record<string, string> }[]

const read = (file: string): unknown => JSON.parse(fs.readFileSync(path.join('texts', file), 'utf8'))
const catalogue = (name: string, language: string) => read(`${name}/${language}.json`) as Record<string, Message>

const textsOf = (message: Message) =>
  typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match))
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort()
const inputs = (message: Message) => [...new Set(textsOf(message).flatMap(placeholders))].sort()

describe.each(['inbox', 'widget', 'mail'])('the catalogue %s', (name) => {
  const english = catalogue(name, 'en')

  it('is compiled for every language that Parley speaks', () => {
    expect(read(`${name}.inlang/settings.json`)).toMatchObject({ baseLocale: LANGUAGES[0], locales: LANGUAGES })
  })

  it.each(LANGUAGES)('says everything in %s, with the same inputs', (language) => {
    const texts = catalogue(name, language)
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort())
    for (const [key, message] of Object.entries(texts)) {
      expect(inputs(message), key).toEqual(inputs(english[key] ?? ''))
      for (const text of textsOf(message)) expect(text.trim(), key).not.toBe('')
    }
  })

  it.each(LANGUAGES)('has a text for every kind of count in %s', (language) => {
    const kinds = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const [key, message] of Object.entries(catalogue(name, language))) {
      if (typeof message === 'string') continue
      for (const { match } of message) {
        const has = Object.keys(match).map((each) => each.split('=')[1])
        expect(has, key).toContain('other')
        if (!has.includes('*')) expect(has.filter((each) => each !== '0').sort(), key).toEqual([...kinds].sort())
      }
    }
  })

  it.each(LANGUAGES)('does not shout in %s', (language) => {
    for (const [key, message] of Object.entries(catalogue(name, language))) {
      for (const text of textsOf(message)) expect(text, key).not.toMatch(/[!¡]/)
    }
  })
})
