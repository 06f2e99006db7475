import { m } from '#texts'

/** What to say when something was tried and thrown back. The reason is the model's or the browser's, in their words. */
export function failureWords(error: unknown): string {
  const reason = error instanceof Error ? error.message : ''
  return reason === '' ? m.failed() : m.failed_because({ reason })
}
