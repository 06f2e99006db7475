// Static: one page answers every route, and everything happens in the browser.
export const ssr = false
export const prerender = false
