import { seal, unseal, type ToApp } from '../protocol.ts'
import { WHOLE_SCREEN } from './style.ts'

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
  inbox: string
  /** A message of the app; its fields are unchecked. */
  heard(message: { is: string } & Record<string, unknown>): void
  /** The app has not said hello: blocked, offline, or the server is down. */
  failed(): void
}

/** How long the iframe may take to load, and how long its app may then take to say hello, in ms. */
const LOAD_TIME = 15_000
const HELLO_TIME = 3_000

export function createFrame({ origin, inbox, heard, failed }: FrameOptions): Frame {
  const panel = document.createElement('div')
  const cover = coverScreen(panel)
  let iframe: HTMLIFrameElement | null = null
  let greeted = false
  let timer = 0

  const wait = (time: number) => {
    clearTimeout(timer)
    timer = greeted ? 0 : window.setTimeout(failed, time)
  }
  addEventListener('message', (event) => {
    if (!iframe || event.source !== iframe.contentWindow || event.origin !== origin) return
    const message = unseal(event.data)
    if (!message) return
    greeted = true
    wait(0)
    heard(message)
  })

  return {
    panel,
    load() {
      if (iframe) return
      greeted = false
      iframe = document.createElement('iframe')
      iframe.title = 'Chat'
      iframe.src = `${origin}/widget?${new URLSearchParams({ inbox, origin: location.origin })}`
      iframe.onload = () => wait(HELLO_TIME)
      panel.append(iframe)
      wait(LOAD_TIME)
    },
    unload() {
      iframe?.remove()
      iframe = null
    },
    post: (message) => iframe?.contentWindow?.postMessage(seal(message), origin),
    show(open) {
      panel.className = open ? 'panel fixed open' : 'panel fixed'
      cover(open)
    },
    focus: () => iframe?.focus({ preventScroll: true }),
  }
}

/**
 * Where the panel takes the whole screen, the page behind must not scroll, and the panel follows the visual viewport,
 * so that the keyboard never hides the composer. Closing gives the page back exactly what it had.
 */
function coverScreen(panel: HTMLElement): (open: boolean) => void {
  const page = document.documentElement.style
  const viewport = visualViewport
  let open = false
  let covered = false
  let overflow = ''

  const fit = () => {
    const covers = open && viewport !== null && matchMedia(WHOLE_SCREEN).matches
    if (covers !== covered) {
      if (covers) overflow = page.overflow
      page.overflow = covers ? 'hidden' : overflow
      covered = covers
    }
    panel.style.cssText = covers ? `top:${viewport.offsetTop}px;height:${viewport.height}px` : ''
  }
  // Turning a phone and sizing a window resize the visual viewport too.
  viewport?.addEventListener('resize', fit)
  viewport?.addEventListener('scroll', fit)
  return (next) => {
    open = next
    fit()
  }
}
