import { redirect } from '@sveltejs/kit'
import { currentSession, SESSION } from '$lib/session/session.ts'
import type { LayoutLoad } from './$types'

/** Nobody gets past here without a session; without a network, the one that was there last. */
export const load: LayoutLoad = async ({ depends, fetch, url, untrack }) => {
  depends(SESSION)
  const { signedIn, confirmed } = await currentSession(fetch)
  // The address is not followed: going from conversation to conversation asks nobody.
  if (signedIn === null) redirect(307, `/sign-in?to=${encodeURIComponent(untrack(() => url.pathname))}`)
  return { signedIn, confirmed }
}
