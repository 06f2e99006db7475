import { m } from '#texts'
import type { Shortcut } from '#ui/shortcuts.ts'

const around = () => m.keys_around()
const conversation = () => m.keys_conversation()
const writing = () => m.keys_writing()

/** Every key of the app: bindings, the titles of buttons and the help sheet all come from here. */
export const SHORTCUTS = [
  { id: 'next', key: 'j', label: () => m.keys_next(), group: around },
  { id: 'previous', key: 'k', label: () => m.keys_previous(), group: around },
  { id: 'open', key: 'Enter', label: () => m.keys_open(), group: around, scope: 'field' },
  { id: 'back', key: 'Escape', shown: 'Esc', label: () => m.keys_back(), group: around },
  { id: 'help', key: '?', label: () => m.keys_help(), group: around },
  { id: 'reply', key: 'r', label: () => m.keys_reply(), group: conversation },
  { id: 'comment', key: 'c', label: () => m.keys_comment(), group: conversation },
  { id: 'assign', key: 'a', label: () => m.keys_assign(), group: conversation },
  { id: 'close', key: 'e', label: () => m.keys_close(), group: conversation },
  { id: 'send', key: 'Enter', label: () => m.keys_send(), group: writing, scope: 'field' },
  { id: 'line', key: 'Shift+Enter', shown: 'Shift Enter', label: () => m.keys_line(), group: writing, scope: 'field' },
  {
    id: 'send-close',
    key: 'mod+Shift+Enter',
    shown: 'mod Shift Enter',
    label: () => m.keys_send_close(),
    group: writing,
    scope: 'field',
  },
  {
    id: 'edit-last',
    key: 'ArrowUp',
    shown: '↑',
    label: () => m.keys_edit_last(),
    group: writing,
    scope: 'field',
  },
  { id: 'leave', key: 'Escape', shown: 'Esc', label: () => m.keys_leave(), group: writing, scope: 'field' },
] as const satisfies readonly Shortcut[]

/** The shortcuts that a page may answer. */
export type ShortcutId = (typeof SHORTCUTS)[number]['id']
