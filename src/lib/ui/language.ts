import { LANGUAGE_DIRECTIONS, LANGUAGES, locale, localeOf, speak, type Language } from '#texts'
import { browserKept, type Kept } from './kept.ts'

const KEY = 'parley.language'

/** Speaks as this person chose to be spoken to, else as the browser does. */
export function speakAsChosen(kept: Kept = browserKept): Promise<void> {
  const chosen = LANGUAGES.find((language) => language === kept.read(KEY))
  return tell(chosen ?? localeOf(navigator.languages).language)
}

/**
 * Changes the language, now and for the next visits. What is on the screen changes by itself.
 *
 * @throws if it cannot be loaded; then nothing changes
 */
export async function chooseLanguage(language: Language, kept: Kept = browserKept): Promise<void> {
  await tell(language)
  kept.write(KEY, locale.language)
}

/** A language with the dates of the browser's owner: German is Austrian for whoever reads Austrian German. */
export function tagFor(language: Language, browser: readonly string[]): string {
  return localeOf([...browser.filter((tag) => localeOf([tag]).language === language), language]).tag
}

async function tell(language: Language): Promise<void> {
  await speak(language, tagFor(language, navigator.languages))
  document.documentElement.lang = locale.tag
  document.documentElement.dir = LANGUAGE_DIRECTIONS[locale.language]
}
