import { bodyText } from './body-text.ts'
import type { TranscriptMessage, TranscriptPage } from './transcript-page.ts'

/** The plain-text part. Bodies are indented, so that no words of theirs can pass for another message. */
export function transcriptText(page: TranscriptPage): string {
  const lines = [
    page.title,
    '='.repeat(Math.min(page.title.length, 72)),
    ...page.facts.map(({ label, value }) => `${label}: ${value}`),
    page.zone,
    '',
    ...(page.days.length === 0 ? [page.empty, ''] : []),
    ...page.days.flatMap((day) => [`--- ${day.name} ---`, '', ...day.messages.flatMap(messageLines)]),
    page.footer,
  ]
  return `${lines.join('\n')}\n`
}

function messageLines({ author, time, notes, body }: TranscriptMessage): string[] {
  const head = [`${time}  ${author}`, ...(notes.length === 0 ? [] : [`(${notes.join(', ')})`])].join(' ')
  return [head, ...bodyText(body).map((line) => (line === '' ? '' : `    ${line}`)), '']
}
