import { isUlid } from './ids.ts'

/** The two ledger documents of a conversation: `thread` is shared with the visitor, `team` by agents alone. */
export type LedgerKind = 'thread' | 'team'

/** A parsed room name. */
export interface Room {
  kind: LedgerKind
  /** The conversation's id, a ULID. */
  conversation: string
}

/** The name of a room as it travels: `conversation/<id>/thread`. */
export function roomName(room: Room): string {
  return `conversation/${room.conversation}/${room.kind}`
}

/** The room that a name stands for, or null if this build knows no such room. */
export function parseRoom(name: string): Room | null {
  const parts = name.split('/')
  const [root, conversation, kind] = parts
  if (parts.length !== 3 || root !== 'conversation' || conversation === undefined || !isUlid(conversation)) return null
  return kind === 'thread' || kind === 'team' ? { kind, conversation } : null
}
