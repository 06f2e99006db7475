import type { SampleAgentKey } from './agents.ts'

/** A sample conversation as a short play; seed.ts turns it into the entries that real people would have written. */
export interface SampleConversation {
  /** When the visitor opened it, in minutes before now. */
  began: number
  locale: string
  /** A page of the sample website: its path and title. */
  page: { path: string; title: string; referrer?: string }
  lines: Line[]
}

/** Who does what, `after` so many minutes since the line before. */
export type Line = { after: number } & (
  | { by: 'visitor'; says: string }
  | { by: 'visitor'; leaves: { email?: string; name?: string; phone?: string } }
  | { by: 'visitor'; rates: number; text?: string }
  | { by: SampleAgentKey; says: string }
  | { by: SampleAgentKey; notes: string; to?: SampleAgentKey }
  | { by: SampleAgentKey; assigns: SampleAgentKey | null }
  | { by: SampleAgentKey; closes: true }
)

/** Minutes in an hour and a day, for the sake of the scripts. */
export const HOUR = 60
export const DAY = 24 * HOUR
