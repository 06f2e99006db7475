import type { Drafts } from '$lib/composer/drafts.ts'
import type { InboxState } from '$lib/inbox/inbox-state.svelte.ts'
import type { Device } from '#sync/port.ts'
import { createContext } from 'svelte'

/** What the inbox's pages share: one device, and what was made of it. */
export interface Frame {
  device: Device
  inbox: InboxState
  drafts: Drafts
  /** The address of the list in the view that is open. */
  readonly listHref: string
  /** What is read, while it is on the screen: it takes the focus when what had it is gone. */
  reading: { focus: () => void } | null
  /** The address of a conversation, with the view that is open. */
  hrefOf: (conversation: string) => string
}

export const [frame, setFrame] = createContext<Frame>()
