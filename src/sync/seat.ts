import type { Device } from '#sync/port.ts'

/**
 * A place on the demo's stage (`/demo/stage`), which shows several people in one browser: a frame of the stage in which
 * this page runs. Each has a session, a storage and a line of their own (sync-server/demo/seats.ts).
 */
export interface Seat {
  /** Goes before the paths that the server answers: `/demo/seat/ada`. */
  path: string
  /** Goes before the names of everything that this seat keeps on the device. */
  profile: string
  /** The stage's frame around it, on which it tells how it is connected, and hears that it has been plugged in. */
  frame: HTMLElement
}

/** The name of a frame of the stage: it stays, wherever the page in it goes. */
const NAME = /^parley-seat-([a-z]+)$/

/** What the stage calls the frame of a seat, and what it tells it by. */
export const frameOf = (seat: string): string => `parley-seat-${seat}`
export const PLUGGED = 'parley-plugged'

/**
 * The seat that a window is, or null: every page that is not on the stage. Only a page of our own origin can be the
 * frame around it, and none but the demo's stage may be (frame-ancestors).
 */
export function seatOf(window: Window): Seat | null {
  try {
    const { frameElement, name } = window
    const [, seat] = NAME.exec(name) ?? []
    if (seat === undefined || frameElement === null) return null
    return { path: `/demo/seat/${seat}`, profile: `stage/${seat}/`, frame: frameElement as HTMLElement }
  } catch {
    // A window of another origin, around the widget: it says nothing of itself.
    return null
  }
}

/** Goes before every path of the server's that this page asks for: empty, but on the stage. */
export function seatPath(): string {
  // Tests have no window.
  return (typeof window === 'undefined' ? null : seatOf(window))?.path ?? ''
}

/**
 * Lets the stage see, on the frame, what a device has connected and how much waits to be sent: the device's own words,
 * `data-link` and `data-waiting`. Tries to connect as soon as the line is plugged in again.
 */
export function takeSeat({ frame }: Seat, device: Device): void {
  const tell = () => {
    frame.dataset['link'] = device.connection.state
    frame.dataset['waiting'] = String(device.connection.waiting)
  }
  const plugged = () => device.tryNow()
  frame.addEventListener(PLUGGED, plugged)
  device.subscribeConnection(tell)
  tell()
  // The frame outlives the page in it.
  globalThis.addEventListener?.('pagehide', () => frame.removeEventListener(PLUGGED, plugged), { once: true })
}
