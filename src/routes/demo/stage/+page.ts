import { error } from '@sveltejs/kit'
import { workspace } from '$lib/session/session.ts'
import type { PageLoad } from './$types'

/** The stage is the demo's; a real workspace has none, whoever follows a link to it. */
export const load: PageLoad = async ({ fetch }) => {
  const here = await workspace(fetch)
  if (here !== null && !here.demo) error(404)
}
