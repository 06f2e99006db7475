import { inboxSettings, type InboxSettings, type SettingFault } from '#conversation/inboxes.ts'
import * as v from 'valibot'

/** An inbox's settings as values: which there are, which differ, what is wrong with them. */

export type Setting = keyof InboxSettings
const SETTINGS = Object.keys(inboxSettings.entries) as Setting[]

/** The settings alone, as a copy that may be changed. */
export function settingsOf(inbox: InboxSettings): InboxSettings {
  return structuredClone(pick(inbox, SETTINGS)) as InboxSettings
}

export function pick(settings: InboxSettings, names: Setting[]): Partial<InboxSettings> {
  return Object.fromEntries(names.map((name) => [name, settings[name]]))
}

/** The settings in which two differ, by what they say. */
export function differing(one: InboxSettings, other: InboxSettings): Setting[] {
  return SETTINGS.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]))
}

/** Nothing is wrong. */
export const NO_FAULTS: ReadonlyMap<string, SettingFault> = new Map()

/** What is wrong, by path (`hours.zone`); empty: it can be saved. */
export function faultsOf(settings: InboxSettings): ReadonlyMap<string, SettingFault> {
  const { issues = [] } = v.safeParse(inboxSettings, settings)
  // The messages of this schema are codes, all of them.
  return new Map(issues.map((issue) => [v.getDotPath(issue) ?? '', issue.message as SettingFault]))
}
