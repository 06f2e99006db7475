import { roleOf, type Principal } from '#conversation/ids.ts'
import type { Wait } from './port.ts'

/** What of a thread's entries tells how long somebody waited. */
export interface Turn {
  kind: 'message' | 'closed'
  by: Principal
  /** The stamp's time. */
  at: number
}

/**
 * The waits of a thread that ended from a time on: from the first message of a visitor that nobody had answered, to
 * the next of an agent. A close ends a wait without an answer. Bots answer nobody's question for a person.
 *
 * @param turns in the order of their stamps
 * @param whole whether the first one is the thread's first; else somebody may have waited before it already
 */
export function waitsOf(turns: readonly Turn[], whole: boolean, since: number): Wait[] {
  const waits: Wait[] = []
  let asked: number | null = null
  let certain = whole
  for (const { kind, by, at } of turns) {
    const role = roleOf(by)
    if (kind === 'message' && role === 'visitor') asked ??= at
    else if (kind === 'closed' || role === 'agent') {
      if (kind === 'message' && asked !== null && certain && at >= since) waits.push({ asked, answered: at })
      asked = null
      certain = true
    }
  }
  return waits
}
