import { m } from '#texts'
import type { Command } from '#ui/commands.svelte.ts'
import type { View } from './views.ts'

/** Getting around in the list. */
export const LIST_COMMANDS = [
  { id: 'next', name: () => m.keys_next(), keys: ['j'] },
  { id: 'previous', name: () => m.keys_previous(), keys: ['k'] },
  // A line is a link: the browser opens it.
  { id: 'open', name: () => m.keys_open(), keys: ['Enter'], where: 'field' },
] as const satisfies Command[]

/** Going to a view. */
export const VIEW_COMMANDS = [
  { id: 'view-mine', name: () => m.command_view_mine(), keys: ['g m'] },
  { id: 'view-unassigned', name: () => m.command_view_unassigned(), keys: ['g u'] },
  { id: 'view-all', name: () => m.command_view_all(), keys: ['g a'] },
  { id: 'view-closed', name: () => m.command_view_closed(), keys: ['g c'] },
] as const satisfies Command[]

/** Answers the commands of the views. */
export function viewAnswers(go: (view: View) => void): Record<(typeof VIEW_COMMANDS)[number]['id'], () => void> {
  return {
    'view-mine': () => go('mine'),
    'view-unassigned': () => go('unassigned'),
    'view-all': () => go('all'),
    'view-closed': () => go('closed'),
  }
}
