import type { LauncherWords } from '../protocol.ts'

/** The bubble in the page's corner, its badge, and the one line that it can say when the chat does not load. */

export interface LauncherState {
  open: boolean
  busy: boolean
  unread: number
  /** In the page's language; until the server has said them, a word that is the same in all. */
  words: LauncherWords | null | undefined
}

export interface Launcher {
  readonly button: HTMLButtonElement
  show(state: LauncherState): void
  /** Says the line beside the launcher; empty takes it away. */
  say(line: string): void
}

export function createLauncher(root: ShadowRoot): Launcher {
  const button = document.createElement('button')
  const badge = document.createElement('span')
  const notice = document.createElement('p')
  badge.ariaHidden = 'true'
  notice.role = 'alert'
  notice.hidden = true
  // The icons are drawn by the style: a page that enforces Trusted Types forbids innerHTML.
  button.append(badge)
  root.append(notice, button)

  return {
    button,
    show({ open, busy, unread, words }) {
      const label = words?.[open ? 'close' : unread > 1 ? 'other' : unread ? 'one' : 'open']
      button.ariaLabel = label?.replace('{count}', `${unread}`) ?? 'Chat'
      button.ariaExpanded = `${open}`
      button.ariaBusy = `${busy}`
      badge.textContent = `${unread}`
      badge.hidden = open || unread === 0
    },
    say(line) {
      notice.textContent = line
      notice.hidden = line === ''
    },
  }
}
