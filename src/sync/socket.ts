import { CloseCode, decodeFrame, encodeFrame, type Frame } from '#conversation/wire.ts'
import { callSafely, Changes } from '#sync/changes.ts'
import { createChannelSocket, type Channel, type ChannelHost } from '#sync/channel.ts'
import { Channels } from '#sync/channels.ts'
import { fraction, type Cancel, type Environment, type SocketLike } from '#sync/environment.ts'
import type { ConnectionState } from '#sync/port.ts'

/** The first back-off is somewhere below this, in ms; each failure doubles it. */
const FIRST_RETRY = 1_000
const LONGEST_RETRY = 30_000
/** A connection that lasted this long was a good one: the next back-off starts over. */
const GOOD_AFTER = 10_000
/** How long a socket may take to its first frame. */
const CONNECT_WITHIN = 15_000
/** How often the connection is looked at: silence is questioned with a ping, and no answer by the next look is its end. */
const BEAT = 10_000
/** How soon a ping must be answered when the network or the person has just come back. */
const PROBE = 4_000

export interface ConnectionOptions {
  /** `wss://host/sync`. */
  url: string
  protocols: string[]
  environment: Environment
}

type LinkState = Pick<ConnectionState, 'state' | 'retryAt'>

/**
 * The device's one connection: a WebSocket that carries every room, kept up with exponential back-off and full jitter.
 * It is `live` from the first frame on, not from the handshake: a relay that refuses accepts the socket first.
 */
export class Connection implements ChannelHost {
  readonly url: string
  readonly #options: ConnectionOptions
  readonly #changes = new Changes()
  readonly #channels = new Channels((frame) => this.sendFrame(frame))
  readonly #frameListeners = new Set<(frame: Frame) => void>()
  readonly #openListeners = new Set<() => void>()
  readonly #unwake: Cancel
  #channelSocket: typeof WebSocket | null = null
  #link: LinkState = { state: 'connecting', retryAt: null }
  #socket: SocketLike | null = null
  #socketOpen = false
  #liveSince: number | null = null
  #failures = 0
  /** Whether a ping is out that nothing has come after. */
  #unanswered = false
  #timer: Cancel = () => {}
  #probe: Cancel = () => {}
  #closed = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.url = options.url
    this.#unwake = options.environment.onWake(() => this.#woken())
    this.#connect()
  }

  /** The state of the link, a new object after each change. */
  get link(): LinkState {
    return this.#link
  }

  readonly subscribe = this.#changes.subscribe

  /** Called with each frame that belongs to no channel. */
  onFrame(listener: (frame: Frame) => void): Cancel {
    this.#frameListeners.add(listener)
    return () => void this.#frameListeners.delete(listener)
  }

  /** Called whenever a new socket can take frames: what the relay must hear again is sent here. */
  onOpen(listener: () => void): Cancel {
    this.#openListeners.add(listener)
    if (this.#socketOpen) callSafely(listener)
    return () => void this.#openListeners.delete(listener)
  }

  /** Sends a frame on the real socket; false if there is none that takes it. */
  sendFrame(frame: Frame): boolean {
    if (!this.#socketOpen || this.#socket === null) return false
    this.#socket.send(encodeFrame(frame))
    return true
  }

  /** The class that `WebsocketProvider` takes as `WebSocketPolyfill`. */
  channelSocket(): typeof WebSocket {
    return (this.#channelSocket ??= createChannelSocket(this))
  }

  /** Connects at once, also from `signed-out` and `refused`; does nothing on a connection that is up or on its way. */
  tryNow(): void {
    if (this.#closed || this.#socket !== null) return
    this.#connect()
  }

  close(): void {
    this.#closed = true
    this.#unwake()
    this.#drop(1000)
    this.#channels.clear()
    this.#changes.clear()
  }

  join(channel: Channel): void {
    if (!this.#closed) this.#channels.join(channel)
  }

  leave(channel: Channel): void {
    this.#channels.leave(channel)
  }

  send(channel: Channel, message: Uint8Array): void {
    this.#channels.send(channel, message)
  }

  #connect(): void {
    this.#timer()
    this.#set({ state: 'connecting', retryAt: null })
    const { environment, protocols } = this.#options
    let socket: SocketLike
    try {
      socket = new environment.WebSocket(this.url, protocols)
    } catch {
      return this.#retryLater()
    }
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    // The handlers of a socket that was replaced do nothing: its late close must not end the new one.
    socket.onopen = () => socket === this.#socket && this.#opened()
    socket.onmessage = (event) => socket === this.#socket && this.#received(event.data)
    socket.onclose = (event) => socket === this.#socket && this.#drop(event.code)
    socket.onerror = () => {}
    this.#timer = environment.after(CONNECT_WITHIN, () => this.#drop(1006))
  }

  #opened(): void {
    this.#socketOpen = true
    this.sendFrame({ kind: 'ping' })
    for (const listener of [...this.#openListeners]) callSafely(listener)
    this.#channels.openAll()
  }

  #received(data: unknown): void {
    const frame = data instanceof ArrayBuffer ? decodeFrame(new Uint8Array(data)) : null
    // A frame of a newer protocol is left alone; that it came is a sign of life all the same.
    this.#heard()
    if (frame !== null) callSafely(() => this.#take(frame))
  }

  #heard(): void {
    this.#unanswered = false
    if (this.#liveSince !== null) return
    this.#liveSince = this.#options.environment.now()
    this.#set({ state: 'live', retryAt: null })
    this.#beatLater()
  }

  #take(frame: Frame): void {
    if (this.#channels.take(frame)) return
    if (frame.kind === 'ping') return void this.sendFrame({ kind: 'pong' })
    for (const listener of [...this.#frameListeners]) callSafely(() => listener(frame))
  }

  #beatLater(): void {
    this.#timer()
    this.#timer = this.#options.environment.after(BEAT, () => this.#beat())
  }

  #beat(): void {
    // Counted in beats and not in time: a hidden tab's timers are late, while its frames are not.
    if (this.#unanswered) return this.#drop(1006)
    this.#ping()
    this.#channels.feedWatchdogs()
    this.#beatLater()
  }

  #ping(): void {
    this.#unanswered = this.sendFrame({ kind: 'ping' })
  }

  #woken(): void {
    if (this.#closed) return
    if (this.#link.state === 'offline') return this.tryNow()
    if (this.#link.state !== 'live') return
    this.#ping()
    this.#probe()
    this.#probe = this.#options.environment.after(PROBE, () => {
      if (!this.#unanswered) return
      this.#drop(1006)
      this.tryNow()
    })
  }

  /** The socket is gone, or given up. */
  #drop(code: number): void {
    const { environment } = this.#options
    const socket = this.#socket
    this.#timer()
    this.#probe()
    this.#socket = null
    this.#socketOpen = false
    this.#unanswered = false
    const lasted = this.#liveSince === null ? 0 : environment.now() - this.#liveSince
    this.#liveSince = null
    if (lasted >= GOOD_AFTER) this.#failures = 0
    if (socket !== null) socket.close()
    this.#channels.endOpen()
    if (this.#closed) return
    if (code === CloseCode.NotSignedIn) return this.#set({ state: 'signed-out', retryAt: null })
    if (code === CloseCode.Forbidden) return this.#set({ state: 'refused', retryAt: null })
    this.#retryLater()
  }

  #retryLater(): void {
    const { environment } = this.#options
    const most = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.#failures++)
    const wait = Math.round(fraction(environment) * most)
    this.#timer = environment.after(wait, () => this.tryNow())
    this.#set({ state: 'offline', retryAt: environment.now() + wait })
  }

  #set(link: LinkState): void {
    this.#link = link
    this.#changes.tell()
  }
}
