import type { Answer } from '#ui/commands.svelte.ts'
import { singleKeys } from '#ui/single-keys.svelte.ts'
import { theme } from '#ui/theme.svelte.ts'

/** Answers the commands that change how this browser behaves. */
export const APP_ANSWERS = {
  'theme-system': { run: () => theme.choose('system'), applies: () => theme.chosen !== 'system' },
  'theme-light': { run: () => theme.choose('light'), applies: () => theme.chosen !== 'light' },
  'theme-dark': { run: () => theme.choose('dark'), applies: () => theme.chosen !== 'dark' },
  'single-keys-off': { run: () => (singleKeys.on = false), applies: () => singleKeys.on },
  'single-keys-on': { run: () => (singleKeys.on = true), applies: () => !singleKeys.on },
} satisfies Record<string, Answer>
