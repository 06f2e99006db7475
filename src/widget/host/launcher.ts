/** The bubble in the page's corner, its badge, and the one line that it can say when the chat does not load. */

export interface LauncherState {
  open: boolean
  busy: boolean
  unread: number
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
  const notice = document.createElement('div')
  button.className = 'launcher fixed'
  badge.className = 'badge'
  badge.ariaHidden = 'true'
  notice.className = 'notice fixed'
  notice.role = 'alert'
  notice.hidden = true
  // The icons are drawn by the style: a page that enforces Trusted Types forbids innerHTML.
  button.append(badge)
  root.append(notice, button)

  return {
    button,
    show({ open, busy, unread }) {
      const news = unread > 0 ? `, ${unread} new message${unread > 1 ? 's' : ''}` : ''
      button.ariaLabel = open ? 'Close chat' : `Open chat${news}`
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
