import { plainText } from '#conversation/body.ts'
import type { ConversationView } from '#conversation/view.ts'
import type { PersonOf } from './event-words.ts'
import { timeOf } from './layout.ts'

/**
 * The messages of a conversation as plain text, to paste elsewhere: no comments, nothing taken back.
 *
 * @param write how a time is written
 */
export function transcriptText(view: ConversationView, person: PersonOf, write: (at: number) => string): string {
  const lines = view.timeline.flatMap((item) => {
    if (item.type !== 'message' || item.retracted || item.refused !== null) return []
    const edited = item.edited === null ? '' : ' (edited)'
    return [`${person(item.by).name}, ${write(timeOf(item))}${edited}\n${plainText(item.body)}`]
  })
  const page = view.opened?.page.url
  return [...(page ? [`Started on ${page}`] : []), ...lines].join('\n\n')
}
