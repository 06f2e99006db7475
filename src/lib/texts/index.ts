import type { Language } from '#conversation/languages.ts'
import type * as english from './compiled/messages/en.js'

/** Everything that the inbox says by itself: the catalogue texts/inbox, compiled. */
type Texts = typeof english

const LOAD: Record<Language, () => Promise<Texts>> = {
  en: () => import('./compiled/messages/en.js'),
  nl: () => import('./compiled/messages/nl.js'),
  de: () => import('./compiled/messages/de.js'),
  fr: () => import('./compiled/messages/fr.js'),
  es: () => import('./compiled/messages/es.js'),
}

/** The texts in the language that {@link speak} was last asked for; to be read when they are shown, not before. */
export let m: Texts

/** The language of {@link m}, for dates and numbers too. */
export let language: Language

/** Loads a language and speaks it from then on. What is on the screen already is the caller's to show again. */
export async function speak(wanted: Language): Promise<void> {
  m = await LOAD[wanted]()
  language = wanted
}
