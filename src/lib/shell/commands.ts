import { m } from '#texts'
import type { Command } from '#ui/commands.svelte.ts'

/** What is there on every page of the inbox. */
export const PAGE_COMMANDS = [
  { id: 'palette', name: () => m.command_palette(), keys: ['mod+k'] },
  { id: 'help', name: () => m.command_help(), keys: ['?'] },
  { id: 'back', name: () => m.keys_back(), keys: ['Escape'] },
] as const satisfies Command[]

/** What is done seldom enough to have no key. */
export const APP_COMMANDS = [
  { id: 'theme-system', name: () => m.command_theme_system(), keys: [] },
  { id: 'theme-light', name: () => m.command_theme_light(), keys: [] },
  { id: 'theme-dark', name: () => m.command_theme_dark(), keys: [] },
  { id: 'single-keys-off', name: () => m.command_single_keys_off(), keys: [] },
  { id: 'single-keys-on', name: () => m.command_single_keys_on(), keys: [] },
  { id: 'settings', name: () => m.settings_title(), keys: [] },
  { id: 'sign-out', name: () => m.menu_sign_out(), keys: [] },
] as const satisfies Command[]
