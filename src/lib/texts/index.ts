import { SvelteMap } from 'svelte/reactivity'
import { localeOf, type Language, type Locale } from '#conversation/languages.ts'
import type * as english from './compiled/messages/en.js'

export { LANGUAGE_DIRECTIONS, LANGUAGE_NAMES, LANGUAGES, localeOf, type Language } from '#conversation/languages.ts'

/** Everything that the inbox says by itself: the catalogue texts/inbox, compiled. */
type Compiled = typeof english

/** What takes no inputs needs none: `m.thread_reply()`. */
type Said<Message> = Message extends (inputs: infer Inputs) => infer Words
  ? object extends Inputs
    ? (inputs?: Inputs) => Words
    : Message
  : never

type Texts = { readonly [Key in keyof Compiled]: Said<Compiled[Key]> }

const LOAD: Record<Language, () => Promise<Compiled>> = {
  en: () => import('./compiled/messages/en.js'),
  nl: () => import('./compiled/messages/nl.js'),
  de: () => import('./compiled/messages/de.js'),
  fr: () => import('./compiled/messages/fr.js'),
  es: () => import('./compiled/messages/es.js'),
}

// A reactive map of Svelte's, so that what is on the screen follows the language by itself. Not a rune: the words of
// events and times are tested without the compiler.
const spoken = new SvelteMap<'now', Locale & { texts: Compiled }>()

function now(): Locale & { texts: Compiled } {
  const known = spoken.get('now')
  if (known === undefined) throw new Error('No language is spoken yet: await speak() before anything is shown.')
  return known
}

/**
 * The texts in the language that {@link speak} was last asked for. To be read when they are shown, not before: what a
 * component or an effect has read is shown anew when the language changes.
 */
export const m: Texts = new Proxy({} as Texts, { get: (_, key) => Reflect.get(now().texts, key) as unknown })

/** How the person reads: for dates, numbers and sorting. Followed like {@link m}. */
export const locale: Readonly<Locale> = {
  get language() {
    return now().language
  },
  get tag() {
    return now().tag
  },
}

let asked: Language

/**
 * Loads a language and speaks it from then on; of several asked for at once, the last.
 *
 * @param tag the locale of its dates and numbers
 * @throws if it cannot be loaded; then the one before goes on
 */
export async function speak(language: Language, tag: string = localeOf([language]).tag): Promise<void> {
  asked = language
  // Said again with each sign-in: no reason to draw everything anew.
  const known = spoken.get('now')
  if (known?.language === language && known.tag === tag) return
  const texts = await LOAD[language]()
  if (asked === language) spoken.set('now', { language, tag, texts })
}

/**
 * A message cut at some of its inputs, for a component to put something else than words there (a link, a key): words
 * stand at the even places, names of inputs at the odd ones. Each language has its own order.
 */
export function cut<Name extends string>(message: (inputs: Record<Name, string>) => string, names: Name[]): string[] {
  const marked = Object.fromEntries(names.map((name) => [name, `\uE000${name}\uE000`])) as Record<Name, string>
  return message(marked).split('\uE000')
}
