import { speakAsChosen } from '#ui/language.ts'

// Static: one page answers every route, and everything happens in the browser.
export const ssr = false
export const prerender = false

/** Nothing is shown before its language is there. */
export const load = () => speakAsChosen()
