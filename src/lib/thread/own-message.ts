import { bodyFromText, plainText } from '#conversation/body.ts'
import type { Principal } from '#conversation/ids.ts'
import type { MessageItem, TimelineItem } from '#conversation/view.ts'

/** Whether somebody can still change this: a message of their own that the relay has not refused. */
export function isOwnMessage(item: TimelineItem, me: Principal): item is MessageItem {
  return item.type === 'message' && item.by === me && !item.retracted && item.refused === null
}

/** Whether a plain field can hold a message without losing anything of it, such as bold words. */
export function isPlain({ body }: MessageItem): boolean {
  return JSON.stringify(bodyFromText(textOf(body))) === JSON.stringify(body)
}

/** A body as it was typed: a blank line between paragraphs. The other way round is `bodyFromText`. */
export function textOf(body: MessageItem['body']): string {
  return body.content.map((block) => plainText({ type: 'doc', content: [block] })).join('\n\n')
}

/** The newest message of one's own that can be edited, or null. */
export function lastEditable(timeline: readonly TimelineItem[], me: Principal): MessageItem | null {
  const last = timeline.findLast((item) => isOwnMessage(item, me))
  return last !== undefined && isOwnMessage(last, me) && isPlain(last) ? last : null
}
