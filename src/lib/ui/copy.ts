import { m } from '#texts'
import { toasts } from './toasts.svelte.ts'

/** Puts a text on the clipboard; false if the browser does not let us. */
export async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Also where there is no clipboard at all: on pages without TLS.
    return false
  }
}

/** Puts a text on the clipboard, and says so; or says that the browser does not let us. */
export function copyText(text: string, done: string): void {
  void toClipboard(text).then((copied) => (copied ? toasts.show(done) : toasts.show(m.copy_forbidden(), 'danger')))
}
