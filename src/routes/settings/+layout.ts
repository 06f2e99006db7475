import { error, redirect } from '@sveltejs/kit'
import { confirmedSession } from '$lib/session/session.ts'
import type { LayoutLoad } from './$types'

/** For administrators; to anybody else there is nothing here. The server judges each call by itself. */
export const load: LayoutLoad = async ({ fetch, url, untrack }) => {
  const signedIn = await confirmedSession(fetch)
  if (signedIn === null) redirect(307, `/sign-in?to=${encodeURIComponent(untrack(() => url.pathname))}`)
  if (signedIn.role !== 'admin') error(404)
}
