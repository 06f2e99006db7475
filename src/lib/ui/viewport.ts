import type { Attachment } from 'svelte/attachments'

/**
 * Keeps `--viewport` at the height that is really visible. iOS lays its keyboard over the page without telling `dvh`:
 * what stands at the bottom would be behind it.
 */
export const visibleHeight: Attachment = () => {
  const viewport = window.visualViewport
  if (viewport === null) return
  const root = document.documentElement
  const measure = () => {
    // Zoomed in by two fingers, less is visible, but nothing is to be laid out anew.
    if (viewport.scale !== 1) return
    root.style.setProperty('--viewport', `${viewport.height}px`)
  }
  const resized = () => {
    measure()
    // Not at first: it would lay the page out before it is whole.
    window.scrollTo(0, 0)
  }
  measure()
  viewport.addEventListener('resize', resized)
  return () => {
    viewport.removeEventListener('resize', resized)
    root.style.removeProperty('--viewport')
  }
}
