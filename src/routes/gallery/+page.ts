import { error } from '@sveltejs/kit'

/** For whoever develops Parley: the build has an empty page here, and says that there is none. */
export const load = () => {
  if (!import.meta.env.DEV) error(404)
}
