import type { Attachment } from 'svelte/attachments'

/** Lets a textarea be as high as its text; its own max-height ends that. `text` is read so that it runs again. */
export function autogrow(text: () => string): Attachment<HTMLTextAreaElement> {
  return (node) => {
    // The browser does it by itself where it can.
    if (CSS.supports('field-sizing', 'content')) {
      node.style.setProperty('field-sizing', 'content')
      return
    }
    $effect(() => {
      text()
      node.style.height = 'auto'
      node.style.height = `${node.scrollHeight}px`
    })
  }
}
