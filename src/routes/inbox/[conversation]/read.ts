import type { Line } from '$lib/inbox/views.ts'

/** How many of the visitor's messages were read before; null: all, or nobody knows. */
export function readBefore(line: Line | null): number | null {
  return line === null || line.unread === 0 ? null : line.summary.visitorMessages - line.unread
}
