import type { InboxSettings, SettingFault } from '#conversation/inboxes.ts'
import type { ErrorBody } from '#server/http/errors.ts'
import type { inboxSettingsApi, InboxAnswer } from '#server/http/inbox-settings-api.ts'
import { seatPath } from '#sync/seat.ts'
import { hc } from 'hono/client'

export type { InboxAnswer }

/** What came of asking the server. `offline`: no answer came. */
export type Answer<T> =
  | { is: 'ok'; value: T }
  | { is: 'offline' }
  /** Somebody else has changed it since it was read. */
  | { is: 'conflict' }
  /** By the path of the setting (`hours.zone`). */
  | { is: 'faulty'; faults: ReadonlyMap<string, SettingFault> }
  | { is: 'refused'; status: number }

/** The server, as far as settings go. */
export interface SettingsApi {
  inboxes(): Promise<Answer<InboxAnswer[]>>
  inbox(key: string): Promise<Answer<InboxAnswer>>
  change(key: string, version: number, change: Partial<InboxSettings>): Promise<Answer<InboxAnswer>>
}

const ANSWER_WITHIN = 15_000

/** @param request SvelteKit's own `fetch` in a load function */
export function settingsApi(request: typeof fetch = fetch): SettingsApi {
  const within: typeof fetch = (url, init) => request(url, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN) })
  const { inboxes } = hc<ReturnType<typeof inboxSettingsApi>>(`${seatPath()}/api`, { fetch: within }).settings
  return {
    inboxes: () => answered(inboxes.$get()),
    inbox: (key) => answered(inboxes[':key'].$get({ param: { key } })),
    change: (key, version, change) => answered(inboxes[':key'].$patch({ param: { key }, json: { version, change } })),
  }
}

async function answered<T>(asking: Promise<{ ok: boolean; status: number; json(): Promise<T> }>): Promise<Answer<T>> {
  try {
    const response = await asking
    if (response.ok) return { is: 'ok', value: await response.json() }
    // A proxy that cannot reach the server speaks for nobody.
    if ([502, 503, 504].includes(response.status)) return { is: 'offline' }
    if (response.status === 409) return { is: 'conflict' }
    const faults = response.status === 400 ? faultsIn(await response.json().catch(() => null)) : null
    return faults === null ? { is: 'refused', status: response.status } : { is: 'faulty', faults }
  } catch {
    return { is: 'offline' }
  }
}

/** The faults of settings that an answer names; null if it names none. */
function faultsIn(body: unknown): ReadonlyMap<string, SettingFault> | null {
  const fields = (body as Partial<ErrorBody> | null)?.error?.fields ?? []
  const named = fields.filter(({ path }) => path.startsWith('change.'))
  if (named.length === 0) return null
  return new Map(named.map(({ path, fault }) => [path.slice('change.'.length), fault as SettingFault]))
}
