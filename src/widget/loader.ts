import { createChat, type ParleyApi } from './host/chat.ts'

/**
 * The script that a website includes:
 *
 *     <script src="https://host/widget.js" data-inbox="demo" async></script>
 *
 * It is built into one small classic script. It takes the server's address from its own, and touches nothing of the
 * page but one element at the end of its body.
 */

declare global {
  interface Window {
    Parley?: ParleyApi
  }
}

/** The script's own element; a page that inserts it as a module or through a tag manager has no currentScript. */
function ownScript(): HTMLScriptElement | null {
  const { currentScript } = document
  return currentScript instanceof HTMLScriptElement
    ? currentScript
    : document.querySelector('script[data-inbox][src*="/widget.js"]')
}

function start(script: HTMLScriptElement | null): void {
  const inbox = script?.dataset.inbox
  if (!script || !inbox) return console.warn('Parley: the script tag needs data-inbox')
  // Included twice, for example by a tag manager and by hand: one launcher is enough.
  window.Parley ??= createChat({ origin: new URL(script.src).origin, inbox })
}

const script = ownScript()
// An async script in the head may run before there is a body.
if (document.body as HTMLElement | null) start(script)
else addEventListener('DOMContentLoaded', () => start(script))
