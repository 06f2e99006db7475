import { describe, expect, it } from 'vitest'
import { LANGUAGES, localeOf } from '#conversation/languages.ts'

describe('how somebody reads', () => {
  it.each([
    [['de'], 'de', 'de'],
    [['de-at', 'en'], 'de', 'de-AT'],
    [['pt-BR', 'es-MX', 'en'], 'es', 'es-MX'],
    [['fr_ca', 'fr-CA'], 'fr', 'fr-CA'],
    [['en-US'], 'en', 'en-US'],
    [['en'], 'en', 'en-GB'],
    [['ja', 'zh-Hant'], 'en', 'en-GB'],
    [['', '<script>', 'x', 'english', 'nl'], 'nl', 'nl'],
    [[], 'en', 'en-GB'],
  ])('%j: %s, %s', (tags, language, tag) => {
    expect(localeOf(tags)).toEqual({ language, tag })
  })

  it('is known to what formats dates and counts', () => {
    expect(Intl.DateTimeFormat.supportedLocalesOf([...LANGUAGES])).toEqual([...LANGUAGES])
    expect(Intl.PluralRules.supportedLocalesOf([...LANGUAGES])).toEqual([...LANGUAGES])
  })
})
