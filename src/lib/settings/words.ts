import { expectationAt, type Availability } from '#conversation/availability.ts'
import type { SettingFault } from '#conversation/inboxes.ts'
import { locale, m } from '#texts'
import type { Setting } from './setting-values.ts'

/** Settings in words. */

const FAULTS: Record<SettingFault, () => string> = {
  missing: () => m.fault_missing(),
  'too-long': () => m.fault_too_long(),
  'too-many': () => m.fault_too_many(),
  'not-a-colour': () => m.fault_colour(),
  'not-a-side': () => m.fault_other(),
  'not-an-origin': () => m.fault_origin(),
  'not-an-address': () => m.fault_address(),
  'unknown-zone': () => m.fault_zone(),
  'not-a-week': () => m.fault_other(),
  'not-a-time': () => m.fault_other(),
  'ends-before-it-begins': () => m.fault_ends_first(),
  overlapping: () => m.fault_overlapping(),
}

/** What is wrong; undefined: nothing. A newer server may find faults that this page has no words for. */
export function faultWords(fault: SettingFault | null): string | undefined {
  return fault === null ? undefined : (FAULTS[fault] ?? m.fault_other)()
}

const NAMES: Record<Setting, () => string> = {
  name: () => m.settings_name(),
  greeting: () => m.settings_greeting(),
  color: () => m.settings_colour(),
  side: () => m.settings_side(),
  origins: () => m.settings_origins(),
  hours: () => m.settings_hours(),
  fromAddress: () => m.settings_from(),
}

/** Settings as a list in a sentence. */
export function settingNames(settings: readonly Setting[]): string {
  return new Intl.ListFormat(locale.tag).format(settings.map((setting) => NAMES[setting]()))
}

/** What the server said instead of saving or giving settings. */
export function refusalWords(status: number): string {
  if (status === 401) return m.settings_signed_out()
  if (status === 403) return m.settings_forbidden()
  if (status === 404) return m.settings_gone()
  return m.settings_failed()
}

/** Monday first. */
export function weekdayNames(): string[] {
  const format = new Intl.DateTimeFormat(locale.tag, { weekday: 'long', timeZone: 'UTC' })
  return Array.from({ length: 7 }, (_, day) => {
    // 1 January 2024 was a Monday.
    const name = format.format(Date.UTC(2024, 0, 1 + day))
    return name.charAt(0).toLocaleUpperCase(locale.tag) + name.slice(1)
  })
}

/**
 * What visitors are told now, in an administrator's words: times are those of the inbox's own zone.
 *
 * @param now ms since 1970
 */
export function toldWords(availability: Availability, now: number): string {
  const expected = expectationAt(availability, now)
  if (expected.is === 'open') {
    return expected.answer === null ? m.settings_told_unknown() : m.settings_told_open({ time: span(expected.answer) })
  }
  if (expected.opensAt === null) return m.settings_told_never()
  const zone = availability.hours?.zone
  const format = new Intl.DateTimeFormat(locale.tag, {
    weekday: 'long',
    hour: 'numeric',
    minute: '2-digit',
    ...(zone !== undefined && { timeZone: zone }),
  })
  return m.settings_told_closed({ time: format.format(expected.opensAt) })
}

function span(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  const [count, unit] = minutes < 90 ? [minutes, 'minute'] : [Math.round(minutes / 60), 'hour']
  return new Intl.NumberFormat(locale.tag, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}
