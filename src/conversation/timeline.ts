import type { Message } from './entries.ts'
import type { CommentItem, EventItem, FoldEntry, MessageItem, TimelineEvent, TimelineItem } from './view.ts'

/** Items of the timeline from single entries: what needs no knowledge of the entries around it. */

function base({ id, entry, stamp, refused }: FoldEntry) {
  return { id, by: entry.by, writtenAt: entry.at, stamp, refused: refused ?? null }
}

/** A message as it was written: nothing edited, retracted or crossed yet. */
export function messageItem(given: FoldEntry, entry: Message): MessageItem {
  return { type: 'message', ...base(given), body: entry.body, edited: null, retracted: false, crossed: null }
}

/** One muted line of the timeline. */
export function eventItem(given: FoldEntry, event: TimelineEvent): EventItem {
  return { type: 'event', ...base(given), event }
}

/** The item of an entry whose meaning does not hang on others; also of everything that was refused. */
export function itemOf(given: FoldEntry): TimelineItem {
  const { entry } = given
  switch (entry.kind) {
    case 'message':
      return messageItem(given, entry)
    case 'comment':
      return commentItem(given, entry.body, entry.mentions)
    case 'opened':
      return eventItem(given, { is: 'opened', page: entry.page })
    case 'identified':
      return eventItem(given, { is: 'identified', name: entry.name, email: entry.email, phone: entry.phone })
    case 'rated':
      return eventItem(given, { is: 'rated', score: entry.score, text: entry.text })
    case 'assigned':
      return eventItem(given, { is: 'assigned', to: entry.to, from: entry.from })
    case 'transcript':
      return eventItem(given, { is: 'transcript', to: entry.to, status: entry.status, error: entry.error })
    case 'edited':
    case 'retracted':
    case 'closed':
      return eventItem(given, { is: 'refused', kind: entry.kind })
    case 'erased':
      return eventItem(given, { is: 'erased', was: entry.was })
    case 'unknown':
      return eventItem(given, { is: 'unknown', named: entry.named })
  }
}

function commentItem(given: FoldEntry, body: CommentItem['body'], mentions: CommentItem['mentions']): CommentItem {
  return { type: 'comment', ...base(given), body, mentions }
}
