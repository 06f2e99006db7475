import type { Kept, Look, Page, Who } from '../protocol.ts'
import type { ParleyApi } from './api.ts'
import { createFrame } from './frame.ts'
import { createKeeper } from './kept.ts'
import { createLauncher } from './launcher.ts'
import { askNews, type Asked } from './session.ts'
import { createRoot, wear } from './style.ts'

/** How long a count of unread messages holds, in ms, before a tab that comes back to the front asks again. */
const ASK_AGAIN = 60_000

export interface ChatOptions {
  origin: string
  asked: Asked
  /** The chat is off the page. */
  over(): void
}

/** Puts the launcher on the page. The iframe is made when somebody reaches for it. */
export function createChat({ origin, asked, over }: ChatOptions): ParleyApi {
  const ending = new AbortController()
  const { signal } = ending
  const element = document.createElement('parley-chat')
  const root = createRoot(element)
  const launcher = createLauncher(root)
  const { button } = launcher
  const keeper = createKeeper(asked.inbox)
  const frame = createFrame({ origin, asked, signal, heard, failed })
  const listeners: Record<string, Set<(detail: unknown) => void>> = {}
  /** The app runs. */
  let ready = false
  /** The visitor wants the chat on the screen: it is there as soon as the app is ready. */
  let wanted = false
  /** What is on the screen now. */
  let shown = false
  let look: Look = keeper.get()?.look ?? { color: '#2f5fd0', side: 'right' }
  let unread = 0
  let askedAt = -ASK_AGAIN
  let who: Who | null = null
  let text: string | undefined
  /** The answer to `shutdown`, once that was asked for. */
  let ended: ((forgotten: boolean) => void) | null = null
  let discard = false

  const page = (): Page => ({ url: location.href, title: document.title, referrer: document.referrer })

  function tell(name: string, detail?: unknown): void {
    // Apart from ours, and from each other: what a page does wrong is its own.
    for (const each of listeners[name] ?? []) queueMicrotask(() => each(detail))
  }

  function render(): void {
    const open = wanted && ready
    const focused = root.activeElement !== null
    frame.show(open)
    launcher.show({ open, busy: wanted && !open, unread, words: look.words })
    element.style.cssText = `--accent:${look.color};--${look.side}:20px`
    if (open === shown) return
    shown = open
    frame.post(open ? { is: 'shown', text } : { is: 'hidden' })
    text = undefined
    if (open) frame.focus()
    else if (focused) button.focus()
    tell(open ? 'open' : 'close')
  }

  function count(next: number): void {
    if (next !== unread) tell('unread', { count: (unread = next) })
  }

  function load(): void {
    frame.load()
    render()
  }

  function failed(): void {
    frame.unload()
    ready = false
    if (wanted) launcher.say(look.words?.failed ?? 'The chat could not be loaded. Please try again.')
    wanted = false
    if (ended) end(false)
    else render()
  }

  function end(forgotten: boolean): void {
    ending.abort()
    watching.disconnect()
    element.remove()
    over()
    ended?.(forgotten)
  }

  function heard(message: { is: string } & Record<string, unknown>): void {
    const { is } = message
    if (is === 'hello') {
      wear(root, message.style as string)
      ready = true
      shown = false
      frame.post({ is: 'start', kept: keeper.get(), who })
      if (ended) frame.post({ is: 'end', discard })
    }
    if (is === 'close') wanted = false
    if (is === 'unread') count(message.count as number)
    if (is === 'look') look = { ...look, ...(message.look as Look) }
    if (is === 'keep') keeper.set(message.kept as Kept | null, look)
    if (is === 'page') frame.post({ is, page: page() })
    if (is === 'event') tell(message.name as string, message.detail)
    if (is === 'ended') end(message.forgotten as boolean)
    else render()
  }

  function turn(on: boolean): void {
    launcher.say('')
    wanted = on
    if (on) load()
    else render()
  }

  async function ask(): Promise<void> {
    if (ready || document.hidden || Date.now() - askedAt < ASK_AGAIN) return
    askedAt = Date.now()
    const news = await askNews(origin, asked, keeper.get())
    // The app may have started meanwhile; it knows better.
    if (!news || (ready as boolean)) return
    look = news.look
    count(news.unread)
    keeper.set(keeper.get(), look)
    render()
  }

  const attach = () => element.isConnected || document.documentElement.append(element)

  const api: ParleyApi = {
    show: () => turn(true),
    hide: () => turn(false),
    toggle: () => turn(!wanted),
    open(words) {
      text = words
      if (shown) frame.post({ is: 'shown', text })
      turn(true)
    },
    identify: (next) => frame.post({ is: 'identify', who: (who = next) }),
    shutdown: (forget) =>
      new Promise((resolve) => {
        ended = resolve
        discard = !!forget
        turn(false)
        button.hidden = true
        // Nobody has been known here, and nobody is about to be.
        if (!ready && !keeper.get()) return end(true)
        load()
        frame.post({ is: 'end', discard })
      }),
    on(name, listener) {
      const each = listener as (detail: unknown) => void
      const all = (listeners[name] ??= new Set())
      all.add(each)
      if (name === 'ready') queueMicrotask(() => each(undefined))
      return () => all.delete(each)
    },
    push(...calls) {
      for (const [name, ...args] of calls) (api[name] as (...args: unknown[]) => unknown)(...args)
    },
  }
  button.onclick = api.toggle
  button.onpointerenter = button.onfocus = load
  // Gives nothing back: false would take Enter and Space away from the button.
  button.onkeydown = ({ key }) => {
    if (key === 'Escape') api.hide()
  }
  const changed = (event: StorageEvent) => {
    if (event.key === keeper.key) frame.post({ is: 'kept', kept: keeper.get() })
  }
  addEventListener('storage', changed, { signal })
  document.addEventListener('visibilitychange', ask, { signal })
  root.append(frame.panel)
  render()
  // Beside the body and not in it: a website that makes its body anew takes nothing away; if it does, it comes back.
  const watching = new MutationObserver(attach)
  watching.observe(document.documentElement, { childList: true })
  attach()
  void ask()
  return api
}
