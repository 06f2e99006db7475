import type { Language, Locale } from '#conversation/languages.ts'
import type * as english from './compiled/messages/en.js'

/** Everything that the widget says by itself: the catalogue texts/widget, compiled. */
type Texts = typeof english

const LOAD: Record<Language, () => Promise<Texts>> = {
  en: () => import('./compiled/messages/en.js'),
  nl: () => import('./compiled/messages/nl.js'),
  de: () => import('./compiled/messages/de.js'),
  fr: () => import('./compiled/messages/fr.js'),
  es: () => import('./compiled/messages/es.js'),
}

/** The texts in the visitor's language; to be read when they are shown, not before `speak`. */
export let m: Texts

/** How the visitor reads: dates and numbers too. */
export let locale: Locale

/** Loads the one language that is spoken from then on. */
export async function speak(wanted: Locale): Promise<void> {
  m = await LOAD[wanted.language]()
  locale = wanted
}

/** Names as a list in a sentence. */
export function listOf(names: string[]): string {
  return new Intl.ListFormat(locale.tag).format(names)
}
