import { CLOSED_CONVERSATIONS } from './closed-conversations.ts'
import { LONG_CONVERSATION } from './long-conversation.ts'
import { OPEN_CONVERSATIONS } from './open-conversations.ts'
import type { SampleConversation } from './script.ts'

/** Everything that the demo begins with. */
export const SAMPLE_CONVERSATIONS: readonly SampleConversation[] = [
  ...OPEN_CONVERSATIONS,
  LONG_CONVERSATION,
  ...CLOSED_CONVERSATIONS,
]
