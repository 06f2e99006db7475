import { accessTo } from '#conversation/access.ts'
import type { Room } from '#conversation/rooms.ts'
import { CloseCode } from '#conversation/wire.ts'
import type { Conversation } from './ledger.ts'
import type { Caller } from './port.ts'

/** A close code and one line that says why. */
export type Refusal = [code: CloseCode, reason: string]

export const TRY_AGAIN: Refusal = [CloseCode.TryAgain, 'try again']

/** Why this caller may not be in the room; null: it may. */
export function refusalOf(room: Room, { principal, asker }: Caller, conversation: Conversation | null): Refusal | null {
  const decision = accessTo(principal, room, { conversation, asker })
  if (decision.allow) return null
  const unknown = conversation === null && asker.role === 'agent'
  return [unknown ? CloseCode.NoSuchRoom : CloseCode.Forbidden, decision.reason]
}
