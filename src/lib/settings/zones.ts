/** Time zones as somebody picks one. */

export interface ZoneGroup {
  /** A part of the world as the zones' names have it (`Europe`); null: the zones of who picks. */
  label: string | null
  zones: { value: string; label: string }[]
}

/** The zone that this browser is set to. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/**
 * All zones that a browser knows, by parts of the world; first of all its own, and the one that is picked.
 *
 * @param known as `Intl.supportedValuesOf('timeZone')` gives them
 */
export function zoneGroups(own: string, picked: string, known: readonly string[]): ZoneGroup[] {
  const first: ZoneGroup = { label: null, zones: [...new Set([own, picked])].map((zone) => named(zone, spaced(zone))) }
  const taken = new Set(first.zones.map(({ value }) => value))
  const parts = new Map<string, ZoneGroup>()
  for (const zone of [...new Set(['UTC', ...known])].sort()) {
    if (taken.has(zone)) continue
    const [part = '', ...rest] = zone.split('/')
    const label = rest.length === 0 ? '' : part
    const group = parts.get(label) ?? { label, zones: [] }
    parts.set(label, group)
    group.zones.push(named(zone, spaced(rest.length === 0 ? part : rest.join(', '))))
  }
  return [first, ...parts.values()]
}

function named(value: string, label: string) {
  return { value, label }
}

function spaced(zone: string): string {
  return zone.replaceAll('_', ' ')
}
