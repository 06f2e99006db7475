import { transcriptHtml } from './transcript-html.ts'
import { transcriptPage, type TranscriptInput } from './transcript-page.ts'
import { transcriptText } from './transcript-text.ts'

export interface Transcript {
  /** One line. */
  subject: string
  html: string
  text: string
}

/**
 * A conversation as a mail: who said what and when, in HTML and in plain text. Pure; the same input gives the same mail.
 * @throws RangeError if the zone is unknown
 */
export function renderTranscript(input: TranscriptInput): Transcript {
  const page = transcriptPage(input)
  return { subject: page.subject, html: transcriptHtml(page), text: transcriptText(page) }
}
