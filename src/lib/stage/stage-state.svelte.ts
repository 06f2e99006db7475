import { PLUGGED } from '#sync/seat.ts'
import { SEATS, type SeatKey } from './people.ts'
import { setScene } from './scene.ts'
import { lines, plug, signIn } from './server.ts'

/** How a device in a frame says that it is connected (data-link); empty as long as none has said anything. */
type Link = string

/** What the stage shows of one seat. */
export class Place {
  readonly seat: SeatKey
  /** Whether its line is plugged in, in the server's words. */
  plugged = $state(true)
  /** How much its device holds that the server does not, in the device's words. */
  waiting = $state(0)
  link = $state<Link>('')
  /** Whether it has been cut off since the stage was opened: it then has a story to tell. */
  wasCut = $state(false)
  #frame: HTMLIFrameElement | null = null

  constructor(seat: SeatKey) {
    this.seat = seat
  }

  /** Whether everything that was written here is on the server. */
  get settled(): boolean {
    return this.plugged && this.link === 'live' && this.waiting === 0
  }

  /** Follows what the page in the frame says on it. An attachment. */
  watch = (frame: HTMLIFrameElement): (() => void) => {
    this.#frame = frame
    const read = () => {
      this.link = frame.dataset['link'] ?? ''
      this.waiting = Number(frame.dataset['waiting'] ?? 0)
    }
    const observer = new MutationObserver(read)
    observer.observe(frame, { attributeFilter: ['data-link', 'data-waiting'] })
    return () => {
      observer.disconnect()
      this.#frame = null
    }
  }

  /** The line is back: the device need not wait for its next try. */
  wake(): void {
    this.#frame?.dispatchEvent(new Event(PLUGGED))
  }

  reload(): void {
    this.#frame?.contentWindow?.location.reload()
  }
}

/** The stage: its people, and the switches of their lines. */
export class Stage {
  readonly places = SEATS.map((seat) => new Place(seat))
  scene = $state<{ is: 'setting' } | { is: 'set'; conversation: string } | { is: 'failed' }>({ is: 'setting' })

  async set(): Promise<void> {
    this.scene = { is: 'setting' }
    try {
      const conversation = await setScene()
      await this.look()
      this.scene = { is: 'set', conversation }
    } catch (error) {
      this.scene = { is: 'failed' }
      throw error
    }
  }

  /** Asks which lines are plugged in: another page of the stage may have changed them. */
  async look(): Promise<void> {
    this.#take(await lines())
  }

  /** Throws a switch. @throws NoAnswer if the server cannot be reached: then nothing has changed */
  async turn(place: Place, plugged: boolean): Promise<void> {
    this.#take(await plug(place.seat, plugged))
    if (!plugged) return
    // Somebody whose session ended while the line was cut comes back in.
    if (place.seat !== 'visitor' && (await signIn(place.seat))) return place.reload()
    place.wake()
  }

  #take(now: Record<SeatKey, boolean>): void {
    for (const place of this.places) {
      place.plugged = now[place.seat]
      place.wasCut ||= !place.plugged
    }
  }
}
