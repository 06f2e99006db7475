import { m } from '#texts'
import { toasts } from './toasts.svelte.ts'

/** Puts a text on the clipboard, and says so; or says that the browser does not let us. */
export function copyText(text: string, done: string): void {
  navigator.clipboard.writeText(text).then(
    () => toasts.show(done),
    () => toasts.show(m.copy_forbidden(), 'danger'),
  )
}
