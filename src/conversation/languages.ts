/** The languages that Parley speaks, as BCP 47 tags; the first is for everybody else. Each has its catalogues in texts/. */
export const LANGUAGES = ['en', 'nl', 'de', 'fr', 'es'] as const

export type Language = (typeof LANGUAGES)[number]

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: 'English',
  nl: 'Nederlands',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
}

/** Which way each language is written. */
export const LANGUAGE_DIRECTIONS: Record<Language, 'ltr' | 'rtl'> = {
  en: 'ltr',
  nl: 'ltr',
  de: 'ltr',
  fr: 'ltr',
  es: 'ltr',
}

/** How somebody reads: the language of the texts, and the locale of dates and numbers (`de`, `de-AT`). */
export interface Locale {
  language: Language
  /** Well-formed, and of that language. */
  tag: string
}

/**
 * The first of somebody's languages that Parley speaks, else English.
 *
 * @param tags BCP 47 tags (`de-AT`), the preferred one first, as a browser gives them; anything else is passed over
 */
export function localeOf(tags: readonly string[]): Locale {
  for (const given of tags) {
    const tag = wellFormed(given)
    const language = LANGUAGES.find((each) => each === tag?.split('-', 1)[0])
    if (tag !== null && language) return { language, tag: tag === 'en' ? INTERNATIONAL : tag }
  }
  return { language: 'en', tag: INTERNATIONAL }
}

/** English of no country in particular: the day before the month, as most of the world has it. */
const INTERNATIONAL = 'en-GB'

function wellFormed(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null
  } catch {
    return null
  }
}
