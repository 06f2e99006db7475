import type { Principal } from '#conversation/ids.ts'
import type { Summary } from '#conversation/summary.ts'
import type { ConversationView } from '#conversation/view.ts'
import { nameOfVisitor } from '$lib/inbox/names.ts'
import { m } from '#texts'

/** Who the visitor is: from the document, or from the list's line as long as the document has not been read. */
export function visitorOf(
  view: ConversationView,
  summary: Summary | null,
): { principal: Principal | null; name: string } {
  if (view.opened !== null) {
    return { principal: view.opened.by, name: nameOfVisitor(view.opened.by, view.contact) }
  }
  return summary === null
    ? { principal: null, name: m.thread_label() }
    : { principal: summary.visitor, name: nameOfVisitor(summary.visitor, summary) }
}
