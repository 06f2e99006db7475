import type { Principal } from '#conversation/ids.ts'
import type { Person } from '#conversation/names.ts'
import { m } from '#texts'
import type { PersonOf } from './event-words.ts'

/** Who handed a conversation to whom, told from where one stands. */
export function assignedWords(
  event: { to: Principal | null; from: Principal | null },
  by: Person,
  person: PersonOf,
): string {
  const who = by.name
  if (event.to === null) return takenWords(event.from === null ? null : person(event.from), by)
  if (event.to === by.principal) return by.own ? m.event_took_own() : m.event_took({ who })
  const to = person(event.to)
  if (by.own) return m.event_assigned_own({ to: to.name })
  return to.own ? m.event_assigned_to_you({ who }) : m.event_assigned({ who, to: to.name })
}

function takenWords(from: Person | null, by: Person): string {
  const who = by.name
  if (from === null) return by.own ? m.event_unassigned_own() : m.event_unassigned({ who })
  if (from.principal === by.principal) return by.own ? m.event_let_go_own() : m.event_let_go({ who })
  if (by.own) return m.event_took_from_own({ from: from.name })
  return from.own ? m.event_took_from_you({ who }) : m.event_took_from({ who, from: from.name })
}
