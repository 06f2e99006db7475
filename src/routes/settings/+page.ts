import { settingsApi } from '$lib/settings/api.ts'
import type { PageLoad } from './$types'

/** Not awaited: the page is there at once. */
export const load: PageLoad = ({ fetch, depends }) => {
  depends('settings:inboxes')
  return { inboxes: settingsApi(fetch).inboxes() }
}
