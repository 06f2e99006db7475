import { plainText } from '#conversation/body.ts'
import type { ConversationView } from '#conversation/view.ts'
import { m } from '#texts'
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
    const inputs = { who: person(item.by).name, time: write(timeOf(item)) }
    const head = item.edited === null ? m.transcript_line(inputs) : m.transcript_line_edited(inputs)
    return [`${head}\n${plainText(item.body)}`]
  })
  const page = view.opened?.page.url
  return [...(page ? [m.transcript_began({ page })] : []), ...lines].join('\n\n')
}
