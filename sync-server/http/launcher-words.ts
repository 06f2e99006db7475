import { localeOf, type Language } from '#conversation/languages.ts'
import type { Files } from './files.ts'

/** What the launcher on a website says; `one` and `other` hold `{count}`. The widget's build writes it for each language. */
export type LauncherWords = Record<'open' | 'close' | 'one' | 'other' | 'failed', string>

/**
 * The launcher's words in the language of a page, or if it names none of the browser; null as long as the widget is not
 * built.
 *
 * @param page the page's language, a BCP 47 tag; one that we do not speak is answered in English, like the page's chat
 * @param accepted the browser's Accept-Language
 */
export async function launcherWords(widget: Files, page: string, accepted = ''): Promise<LauncherWords | null> {
  const file = await widget.get('launcher.json')
  if (file === null) return null
  const words = JSON.parse(file.body.toString()) as Record<Language, LauncherWords>
  // In the order given: browsers list languages by preference.
  const tags = page === '' ? accepted.split(',').map((each) => each.split(';', 1)[0]?.trim() ?? '') : [page]
  return words[localeOf(tags).language]
}
