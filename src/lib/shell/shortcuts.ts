import type { Shortcut } from '#ui/shortcuts.ts'

/** Every key of the app: bindings, the titles of buttons and the help sheet all come from here. */
export const SHORTCUTS = [
  { id: 'next', key: 'j', label: 'Next conversation', group: 'Get around' },
  { id: 'previous', key: 'k', label: 'Previous conversation', group: 'Get around' },
  { id: 'open', key: 'Enter', label: 'Open the conversation', group: 'Get around', scope: 'field' },
  { id: 'back', key: 'Escape', shown: 'Esc', label: 'Step back', group: 'Get around' },
  { id: 'help', key: '?', label: 'This list of keys', group: 'Get around' },
  { id: 'reply', key: 'r', label: 'Write a reply', group: 'Conversation' },
  { id: 'comment', key: 'c', label: 'Write a comment for the team', group: 'Conversation' },
  { id: 'assign', key: 'a', label: 'Assign', group: 'Conversation' },
  { id: 'close', key: 'e', label: 'Close the conversation', group: 'Conversation' },
  { id: 'send', key: 'Enter', label: 'Send', group: 'While writing', scope: 'field' },
  { id: 'line', key: 'Shift+Enter', shown: 'Shift Enter', label: 'New line', group: 'While writing', scope: 'field' },
  {
    id: 'send-close',
    key: 'mod+Shift+Enter',
    shown: 'mod Shift Enter',
    label: 'Send and close',
    group: 'While writing',
    scope: 'field',
  },
  {
    id: 'edit-last',
    key: 'ArrowUp',
    shown: '↑',
    label: 'Edit your last message, in an empty reply',
    group: 'While writing',
    scope: 'field',
  },
  { id: 'leave', key: 'Escape', shown: 'Esc', label: 'Leave the field', group: 'While writing', scope: 'field' },
] as const satisfies readonly Shortcut[]

/** The shortcuts that a page may answer. */
export type ShortcutId = (typeof SHORTCUTS)[number]['id']
