import type { Person } from '#conversation/names.ts'
import { cut, m } from '#texts'

/**
 * What a line of the list says of the last message, cut at the message's own words (`cut`): they may run the other way
 * than the language around them.
 */
export function lastWords(speaker: Person, retracted: boolean): string[] {
  const { role, own, firstName: who } = speaker
  if (retracted) {
    return [role === 'visitor' ? m.message_taken_back() : own ? m.list_taken_back_own() : m.list_taken_back({ who })]
  }
  // Whose line it is goes without saying.
  if (role === 'visitor') return ['', 'words', '']
  return own ? cut(m.list_own_words, ['words']) : cut(({ words }) => m.list_words({ who, words }), ['words'])
}
