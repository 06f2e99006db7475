/**
 * One room of the multiplexed connection, with the interface of a WebSocket, so that y-websocket's own client can be
 * used as it is: the class goes to `WebsocketProvider` as `WebSocketPolyfill`.
 */

/** What the connection calls on a channel. */
export interface Channel {
  readonly room: string
  /** Whether the relay has joined it to its room. */
  readonly isOpen: boolean
  /** Joined; carries the relay's sync step 1. */
  opened(message: Uint8Array): void
  data(message: Uint8Array): void
  /** The relay or the loss of the real socket has ended it. */
  ended(code: number, reason: string): void
}

/** What a channel needs of the connection. */
export interface ChannelHost {
  /** The address that the providers build theirs from: `<url>/<room>`. */
  readonly url: string
  /** Takes a channel in, and opens it now or when the real socket is there. */
  join(channel: Channel): void
  leave(channel: Channel): void
  send(channel: Channel, message: Uint8Array): void
}

type Listener<E> = ((this: WebSocket, event: E) => unknown) | null

/** The class for `WebSocketPolyfill`, bound to one connection. */
export function createChannelSocket(host: ChannelHost): typeof WebSocket {
  return class ChannelSocket extends EventTarget implements WebSocket, Channel {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readonly CONNECTING = 0
    readonly OPEN = 1
    readonly CLOSING = 2
    readonly CLOSED = 3

    readonly url: string
    readonly room: string
    readonly protocol = ''
    readonly extensions = ''
    readonly bufferedAmount = 0
    binaryType: BinaryType = 'arraybuffer'
    readyState: 0 | 1 | 2 | 3 = 0
    onopen: Listener<Event> = null
    onmessage: Listener<MessageEvent> = null
    onclose: Listener<CloseEvent> = null
    onerror: Listener<Event> = null

    constructor(url: string | URL) {
      super()
      this.url = String(url)
      this.room = this.url.slice(host.url.length + 1)
      // Not in the constructor: its handlers are set after it.
      queueMicrotask(() => this.readyState === 0 && host.join(this))
    }

    get isOpen(): boolean {
      return this.readyState === 1
    }

    send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBufferLike>): void {
      if (this.readyState === 0) throw new DOMException('The channel is not open yet', 'InvalidStateError')
      if (this.readyState !== 1) return
      if (data instanceof Uint8Array) host.send(this, data)
      else if (data instanceof ArrayBuffer) host.send(this, new Uint8Array(data))
      else throw new TypeError('A channel carries bytes')
    }

    close(): void {
      if (this.readyState === 3) return
      this.readyState = 3
      host.leave(this)
      // A WebSocket tells of its close later, never from within close().
      queueMicrotask(() => this.#closed(1000, ''))
    }

    opened(message: Uint8Array): void {
      if (this.readyState !== 0) return
      this.readyState = 1
      const event = new Event('open')
      this.onopen?.(event)
      this.dispatchEvent(event)
      if (message.length > 0) this.data(message)
    }

    data(message: Uint8Array): void {
      if (this.readyState !== 1) return
      const event = new MessageEvent('message', { data: message })
      this.onmessage?.(event)
      this.dispatchEvent(event)
    }

    ended(code: number, reason: string): void {
      if (this.readyState === 3) return
      this.readyState = 3
      this.#closed(code, reason)
    }

    #closed(code: number, reason: string): void {
      const event = new CloseEvent('close', { code, reason, wasClean: code !== 1006 })
      this.onclose?.(event)
      this.dispatchEvent(event)
    }
  }
}
