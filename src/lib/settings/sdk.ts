import { m } from '#texts'

/** What a website may do with its chat, as docs/embedding.md has it. */

interface Line {
  /** As it is written. */
  code: string
  does: () => string
}

export const CALLS: readonly Line[] = [
  { code: 'show()', does: () => m.sdk_show() },
  { code: 'hide()', does: () => m.sdk_hide() },
  { code: 'toggle()', does: () => m.sdk_toggle() },
  { code: 'open(text?)', does: () => m.sdk_open() },
  { code: 'identify({ email, name, phone })', does: () => m.sdk_identify() },
  { code: 'shutdown()', does: () => m.sdk_shutdown() },
  { code: 'on(event, listener)', does: () => m.sdk_on() },
]

export const EVENTS: readonly Line[] = [
  { code: 'ready', does: () => m.sdk_ready() },
  { code: 'open', does: () => m.sdk_opened() },
  { code: 'close', does: () => m.sdk_closed() },
  { code: 'unread', does: () => m.sdk_unread() },
  { code: 'conversationStarted', does: () => m.sdk_started() },
  { code: 'conversationClosed', does: () => m.sdk_ended() },
]

/** The tag for a website's pages. @param server where this inbox is reached, without a slash at the end */
export function scriptTag(server: string, key: string): string {
  return `<script src="${server}/widget.js" data-inbox="${escaped(key)}" async></script>`
}

/** What a page with a strict policy has to allow. */
export function policyFor(server: string): string {
  return ['script-src', 'connect-src', 'frame-src'].map((directive) => `${directive} ${server};`).join('\n')
}

/** Calls before the script has loaded. */
export const QUEUE = `window.Parley = window.Parley || []
Parley.push(['on', 'unread', ({ count }) => console.log(count)])
Parley.push(['open'])`

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
