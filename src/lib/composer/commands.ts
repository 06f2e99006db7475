import { m } from '#texts'
import type { Command } from '#ui/commands.svelte.ts'

/** Beginning to write. */
export const WRITE_COMMANDS = [
  { id: 'reply', name: () => m.keys_reply(), keys: ['r'] },
  { id: 'comment', name: () => m.keys_comment(), keys: ['c'] },
] as const satisfies Command[]

/** The keys of the composer's field. */
export const KEYS = {
  send: { id: 'send', name: () => m.keys_send(), keys: ['Enter', 'mod+Enter'], where: 'field' },
  // The browser does it: only what Enter does is taken from it.
  line: { id: 'line', name: () => m.keys_line(), keys: ['Shift+Enter'], where: 'field' },
  sendAndClose: { id: 'send-close', name: () => m.keys_send_close(), keys: ['mod+Shift+Enter'], where: 'field' },
  editLast: { id: 'edit-last', name: () => m.keys_edit_last(), keys: ['ArrowUp'], where: 'field' },
  leave: { id: 'leave', name: () => m.keys_leave(), keys: ['Escape'], where: 'field' },
} as const satisfies Record<string, Command>
