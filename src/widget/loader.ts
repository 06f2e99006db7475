import type { ParleyApi, ParleyQueue } from './host/api.ts'
import { createChat } from './host/chat.ts'

/**
 * The script that a website includes:
 *
 *     <script src="https://host/widget.js" data-inbox="demo" async></script>
 *
 * It is built into one small classic script. It takes the server's address from its own, and touches nothing of the
 * page but one element at its end.
 */

declare global {
  interface Window {
    Parley?: ParleyApi | ParleyQueue
  }
}

function start(script: HTMLScriptElement | null): void {
  const { inbox, locale } = script?.dataset ?? {}
  if (!script || !inbox) return console.warn('Parley: no data-inbox')
  const waiting = window.Parley ?? []
  // Included twice, for example by a tag manager and by hand: one launcher is enough.
  if (!Array.isArray(waiting)) return
  const asked = { inbox, locale: locale || document.documentElement.lang }
  const over = () => (window.Parley = Object.assign([], { boot: () => start(script) }))
  window.Parley = createChat({ origin: new URL(script.src).origin, asked, over })
  window.Parley.push(...waiting)
}

// A page that inserts it as a module or through a tag manager has no currentScript.
const script = (document.currentScript ?? document.querySelector('[data-inbox]')) as HTMLScriptElement | null
// An async script in the head may run before there is a body.
if (document.body as HTMLElement | null) start(script)
else addEventListener('DOMContentLoaded', () => start(script))
