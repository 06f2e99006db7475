import { KEYS as WRITING_KEYS, WRITE_COMMANDS } from '$lib/composer/commands.ts'
import { LIST_COMMANDS, VIEW_COMMANDS } from '$lib/inbox/commands.ts'
import { APP_COMMANDS, PAGE_COMMANDS } from '$lib/shell/commands.ts'
import { CONVERSATION_COMMANDS, EDIT_KEYS, KEYS as THREAD_KEYS } from '$lib/thread/commands.ts'
import { m } from '#texts'
import type { Answer, Section } from '#ui/commands.svelte.ts'

const around = { name: () => m.keys_around(), commands: [...LIST_COMMANDS, ...PAGE_COMMANDS] }
const conversation = { name: () => m.keys_conversation(), commands: [...WRITE_COMMANDS, ...CONVERSATION_COMMANDS] }
const views = { name: () => m.view_label(), commands: VIEW_COMMANDS }
const app = { name: () => m.keys_app(), commands: APP_COMMANDS }
const writing = { name: () => m.keys_writing(), commands: Object.values(WRITING_KEYS) }
const messages = {
  name: () => m.keys_thread(),
  commands: [...Object.values(THREAD_KEYS), ...Object.values(EDIT_KEYS)],
}

/** The inbox's table of commands: each feature brings its own, and here they meet. */
export const SECTIONS = [around, conversation, views, app, writing, messages] as const satisfies Section[]

/** The palette's: what can be done with what is open comes first, and no keys of fields. */
export const PALETTE_SECTIONS: readonly Section[] = [conversation, around, views, app]

type OfPage<Each> = Each extends { id: string; where: 'field' } ? never : Each extends { id: infer Id } ? Id : never

/** The commands that pages answer; the others are bound by the fields that they work in. */
export type CommandId = OfPage<(typeof SECTIONS)[number]['commands'][number]> & string

/** Answers of a page, by command. */
export type Answers = Partial<Record<CommandId, Answer>>
