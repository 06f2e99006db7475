import type { Principal } from '#conversation/ids.ts'
import type { InboxRows } from '#sync/port.ts'
import { m } from '#texts'

/** A conversation's line in the list. */
export type Line = InboxRows['conversations'][number]

/** The views of the inbox, in the order of their tabs. */
export const VIEWS = ['mine', 'unassigned', 'all', 'closed'] as const
export type View = (typeof VIEWS)[number]

export const VIEW_NAMES: Record<View, () => string> = {
  mine: () => m.view_mine(),
  unassigned: () => m.view_unassigned(),
  all: () => m.view_all(),
  closed: () => m.view_closed(),
}

/** The view that an address names; all open conversations if it names none. */
export function viewNamed(name: string | null): View {
  return VIEWS.find((view) => view === name) ?? 'all'
}

/** Sorts the lines into the views, in one pass; each view keeps the order given. */
export function sortIntoViews(lines: readonly Line[], me: Principal): Record<View, Line[]> {
  const views: Record<View, Line[]> = { mine: [], unassigned: [], all: [], closed: [] }
  for (const line of lines) {
    const { status, assignee } = line.summary
    if (status === 'closed') {
      views.closed.push(line)
      continue
    }
    views.all.push(line)
    if (assignee === null) views.unassigned.push(line)
    else if (assignee === me) views.mine.push(line)
  }
  return views
}
