import type { InboxForm } from '$lib/settings/inbox-form.svelte.ts'
import { createContext } from 'svelte'

/** The one form that the sections of an inbox share. */
export const [inboxForm, setForm] = createContext<InboxForm>()
