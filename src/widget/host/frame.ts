import type { Asked } from './session.ts'
import { seal, unseal, WHOLE_SCREEN, type ToApp } from '../protocol.ts'

/** The panel with the iframe: invisible until its app has said hello, and empty again if it never does. */

export interface Frame {
  readonly panel: HTMLElement
  /** Starts the app, if it is not there. */
  load(): void
  /** Takes the app away. */
  unload(): void
  post(message: ToApp): void
  show(open: boolean): void
  focus(): void
}

export interface FrameOptions {
  /** The server's origin: the only one that is listened to and posted to. */
  origin: string
  asked: Asked
  /** Ends everything. */
  signal: AbortSignal
  /** A message of the app; its fields are unchecked. */
  heard(message: { is: string } & Record<string, unknown>): void
  /** The app has not said hello: blocked, offline, or the server is down. */
  failed(): void
}

/** How long the iframe may take to load, and how long its app may then take to say hello, in ms. */
const LOAD_TIME = 15_000
const HELLO_TIME = 3_000

export function createFrame({ origin, asked, signal, heard, failed }: FrameOptions): Frame {
  const panel = document.createElement('div')
  const cover = coverScreen(panel, signal)
  let iframe: HTMLIFrameElement | null = null
  let greeted = false
  let timer = 0

  const wait = (time: number) => {
    clearTimeout(timer)
    timer = greeted ? 0 : window.setTimeout(failed, time)
  }
  const receive = (event: MessageEvent) => {
    if (event.source !== iframe?.contentWindow || event.origin !== origin) return
    const message = unseal(event.data)
    if (!message) return
    greeted = true
    wait(0)
    heard(message)
  }
  addEventListener('message', receive, { signal })

  return {
    panel,
    load() {
      if (iframe) return
      greeted = false
      iframe = document.createElement('iframe')
      iframe.title = 'Chat'
      iframe.src = `${origin}/widget?${new URLSearchParams({ ...asked, origin: location.origin })}`
      iframe.onload = () => wait(HELLO_TIME)
      panel.append(iframe)
      wait(LOAD_TIME)
    },
    unload() {
      iframe?.remove()
      iframe = null
    },
    // Before its hello there is another document in it, or none.
    post: (message) => greeted && iframe?.contentWindow?.postMessage(seal(message), origin),
    show(open) {
      panel.className = open ? 'open' : ''
      cover(open)
    },
    focus: () => iframe?.focus(),
  }
}

/**
 * Where the panel takes the whole screen, the page behind must not scroll, and the panel follows the visual viewport,
 * so that the keyboard never hides the composer. Closing gives the page back exactly what it had.
 */
function coverScreen(panel: HTMLElement, signal: AbortSignal): (open: boolean) => void {
  const page = document.documentElement.style
  // Null only where a page is not shown any more.
  const viewport = visualViewport as VisualViewport
  let open = false
  let covered = false
  let overflow = ''

  const fit = () => {
    const covers = open && matchMedia(WHOLE_SCREEN).matches
    if (covers && !covered) overflow = page.overflow
    if (covers !== covered) page.overflow = covers ? 'hidden' : overflow
    covered = covers
    panel.style.cssText = covers ? `top:${viewport.offsetTop}px;height:${viewport.height}px` : ''
  }
  // Turning a phone and sizing a window resize the visual viewport too.
  viewport.addEventListener('resize', fit, { signal })
  viewport.addEventListener('scroll', fit, { signal })
  return (next) => {
    open = next
    fit()
  }
}
