import type { InboxState } from '$lib/inbox/inbox-state.svelte.ts'
import type { Line } from '$lib/inbox/views.ts'
import { visitorName } from '#conversation/names.ts'
import { LANGUAGE_NAMES, LANGUAGES, locale, m } from '#texts'
import { chooseLanguage } from '#ui/language.ts'
import { toasts } from '#ui/toasts.svelte.ts'
import type { Commands } from '#ui/commands.svelte.ts'
import type { Choice, ChoiceGroup } from '#ui/palette.ts'
import { PALETTE_SECTIONS } from './commands.ts'

/** Of conversations, as many as can be looked over. */
const MOST_FOUND = 8

/** What the palette offers: the commands that would do something now, and the conversations that the device knows. */
export function paletteGroups(
  commands: Commands,
  inbox: InboxState,
  go: (conversation: string) => void,
): ChoiceGroup[] {
  const groups = PALETTE_SECTIONS.map(({ name, commands: list }) => ({
    name: name(),
    choices: list.flatMap((command): Choice[] => {
      // The palette itself, and stepping back from it, are no choices.
      if (command.where === 'field' || command.id === 'palette' || command.id === 'back') return []
      if (!commands.applies(command.id)) return []
      const [keys] = commands.keysOf(command)
      const choice = { id: command.id, name: command.name(), run: () => void commands.run(command.id) }
      return [keys === undefined ? choice : { ...choice, keys }]
    }),
  }))
  const conversations = inbox.rows.conversations.map((line) => conversation(line, go))
  return [...groups, languages(), { name: m.list_label(), choices: conversations, most: MOST_FOUND }]
}

function conversation({ id, summary }: Line, go: (conversation: string) => void): Choice {
  const words = summary.last === null || summary.last.retracted ? summary.page.title : summary.last.text
  const choice = { id, name: visitorName(summary.visitor, summary), note: words, run: () => go(id) }
  return summary.status === 'closed' ? { ...choice, mark: m.thread_closed() } : choice
}

function languages(): ChoiceGroup {
  const failed = () => toasts.show(m.language_failed(), 'danger')
  const choices = LANGUAGES.filter((language) => language !== locale.language).map((language) => ({
    id: `language-${language}`,
    name: LANGUAGE_NAMES[language],
    // Found by its own name, and by the word for what it is.
    note: m.menu_language(),
    run: () => void chooseLanguage(language).catch(failed),
  }))
  return { name: m.menu_language(), choices }
}
