import { settingsApi } from '$lib/settings/api.ts'
import type { LayoutLoad } from './$types'

/** Not awaited: the page is there at once. Asked for once for all sections of an inbox. */
export const load: LayoutLoad = ({ fetch, depends, params }) => {
  depends('settings:inbox')
  return { inbox: settingsApi(fetch).inbox(params.inbox) }
}
