import type { Kept, Look, Page } from '../protocol.ts'
import { createFrame } from './frame.ts'
import { createKeeper } from './kept.ts'
import { createLauncher } from './launcher.ts'
import { askNews } from './session.ts'
import { createRoot } from './style.ts'

/** What a website may do with its chat: `window.Parley`. */
export interface ParleyApi {
  open(): void
  close(): void
  toggle(): void
}

/** How long a count of unread messages holds, in ms, before a tab that comes back to the front asks again. */
const ASK_AGAIN = 60_000

/** Puts the launcher on the page. The iframe is made when somebody reaches for it. */
export function createChat({ origin, inbox }: { origin: string; inbox: string }): ParleyApi {
  const element = document.createElement('parley-chat')
  const root = createRoot(element)
  const launcher = createLauncher(root)
  const { button } = launcher
  const keeper = createKeeper(inbox)
  const frame = createFrame({ origin, inbox, heard, failed })
  let app: 'none' | 'loading' | 'ready' = 'none'
  /** The visitor wants the chat on the screen: it is there as soon as the app is ready. */
  let wanted = false
  /** What is on the screen now. */
  let shown = false
  let look: Look = keeper.get()?.look ?? { color: '#2f5fd0', side: 'right' }
  let unread = 0
  let askedAt = -ASK_AGAIN

  const page = (): Page => ({ url: location.href, title: document.title, referrer: document.referrer })

  function render(): void {
    const open = wanted && app === 'ready'
    const focused = root.activeElement !== null
    frame.show(open)
    launcher.show({ open, busy: wanted && !open, unread })
    element.style.cssText = `--accent:${look.color};--${look.side}:20px`
    if (open === shown) return
    shown = open
    frame.post(open ? { is: 'shown', page: page() } : { is: 'hidden' })
    if (open) frame.focus()
    else if (focused) button.focus({ preventScroll: true })
  }

  function load(): void {
    if (app === 'none') app = 'loading'
    frame.load()
    render()
  }

  function failed(): void {
    frame.unload()
    app = 'none'
    if (wanted) launcher.say('The chat could not be loaded. Please try again.')
    wanted = false
    render()
  }

  function heard(message: { is: string } & Record<string, unknown>): void {
    if (message.is === 'hello') {
      app = 'ready'
      shown = false
      frame.post({ is: 'start', kept: keeper.get(), page: page() })
    }
    if (message.is === 'close') wanted = false
    if (message.is === 'unread') unread = message.count as number
    if (message.is === 'look') look = message.look as Look
    if (message.is === 'keep') keeper.set(message.kept as Kept | null, look)
    render()
  }

  function turn(on: boolean): void {
    launcher.say('')
    wanted = on
    if (on) load()
    else render()
  }

  async function ask(): Promise<void> {
    if (app === 'ready' || document.hidden || Date.now() - askedAt < ASK_AGAIN) return
    askedAt = Date.now()
    const news = await askNews(origin, inbox, keeper.get(), page())
    // The app may have started meanwhile; it knows better.
    if (!news || (app as string) === 'ready') return
    ;({ look, unread } = news)
    keeper.set(keeper.get(), look)
    render()
  }

  const api = { open: () => turn(true), close: () => turn(false), toggle: () => turn(!wanted) }
  button.onclick = api.toggle
  button.onpointerenter = button.onfocus = load
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) api.close()
  })
  addEventListener('storage', (event) => {
    if (event.key === keeper.key) frame.post({ is: 'kept', kept: keeper.get() })
  })
  document.addEventListener('visibilitychange', ask)
  root.append(frame.panel)
  render()
  document.body.append(element)
  void ask()
  return api
}
