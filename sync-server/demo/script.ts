import type { SampleAgentKey } from './agents.ts'

/** A sample conversation as a short play; seed.ts turns it into the entries that real people would have written. */
export interface SampleConversation {
  /** When the visitor opened it, in minutes before now. */
  began: number
  locale: string
  /** A page of the sample website: its path and title. */
  page: { path: string; title: string; referrer?: string }
  /** Conversations that name the same visitor are one person's; without a name it is somebody new. */
  visitor?: string
  lines: readonly Line[]
}

/**
 * Who does what, `after` so many minutes since the line before. `written`: it was written that many minutes before,
 * without a network. `missed`: its author had not seen that many of the thread's last entries.
 */
export type Line = { after: number; written?: number; missed?: number } & (
  | { by: 'visitor' | SampleAgentKey; says: string }
  /** Changes, or takes back, the last message of one's own. */
  | { by: 'visitor' | SampleAgentKey; corrects: string }
  | { by: 'visitor' | SampleAgentKey; takesBack: true }
  | { by: 'visitor'; leaves: { email?: string; name?: string; phone?: string } }
  | { by: 'visitor'; rates: number; text?: string }
  /** A comment; `@ada`, `@bo` and `@cy` in it are mentions. */
  | { by: SampleAgentKey; notes: string }
  | { by: SampleAgentKey; assigns: SampleAgentKey | null }
  /** `mail`: with a transcript, which `mailed` then says has gone out. */
  | { by: SampleAgentKey; closes: true; mail?: true }
  | { by: 'system'; mailed: string }
)

/** Minutes in an hour and a day, for the sake of the scripts. */
export const HOUR = 60
export const DAY = 24 * HOUR

/** Pages of the sample website. */
export const LAMPS = { path: '/demo/', title: 'Lumen & Oak' }
export const REPAIRS = { path: '/demo/repairs.html', title: 'Repairs · Lumen & Oak' }
