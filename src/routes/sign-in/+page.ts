import { workspace } from '$lib/session/session.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch }) => ({ workspace: await workspace(fetch) })
