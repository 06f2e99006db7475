import { m } from '#texts'
import type { Command } from '#ui/commands.svelte.ts'

/** What can be done with the conversation that is open. */
export const CONVERSATION_COMMANDS = [
  { id: 'assign', name: () => m.keys_assign(), keys: ['a'] },
  { id: 'close', name: () => m.keys_close(), keys: ['e'] },
] as const satisfies Command[]

/** The keys of the thread, while it has the focus. */
export const KEYS = {
  oldest: { id: 'oldest', name: () => m.command_oldest(), keys: ['Home'], where: 'field' },
  latest: { id: 'latest', name: () => m.command_latest(), keys: ['End'], where: 'field' },
  earlierOwn: { id: 'earlier-own', name: () => m.command_earlier_own(), keys: ['ArrowUp'], where: 'field' },
  laterOwn: { id: 'later-own', name: () => m.command_later_own(), keys: ['ArrowDown'], where: 'field' },
} as const satisfies Record<string, Command>

/** The keys of a message that is being edited. */
export const EDIT_KEYS = {
  save: { id: 'save', name: () => m.command_save(), keys: ['Enter', 'mod+Enter'], where: 'field' },
  cancel: { id: 'cancel', name: () => m.command_cancel_edit(), keys: ['Escape'], where: 'field' },
} as const satisfies Record<string, Command>
