import * as decoding from 'lib0/decoding'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { StampPair } from '#conversation/document.ts'
import { decodeFrame, EPOCH_CLIENT, type Frame } from '#conversation/wire.ts'
import type { SocketConstructor } from '#sync/environment.ts'

/**
 * Reads along on every device's socket, without the device's code: what the relay has ever said to be stored, and
 * whether it has ever refused anything.
 */
export class Witness {
  /** By room: the stamps, by the Yjs client and clock that they came under. */
  readonly stamps = new Map<string, Map<string, StampPair>>()
  /** Whatever no relay may say to honest devices. */
  readonly complaints: string[] = []

  /** The WebSocket for one device; `headers` as its browser would send them. */
  socketClass(who: string, headers: Record<string, string>): SocketConstructor {
    const take = (frame: Frame, rooms: Map<number, string>) => this.#take(who, frame, rooms)
    // `ws` has events of its own types; the connection uses what both kinds of WebSocket have.
    return class extends WebSocket {
      readonly #rooms = new Map<number, string>()

      constructor(url: string, protocols: string[] = []) {
        super(url, protocols, { headers })
        this.on('message', (data: ArrayBuffer) => {
          const frame = decodeFrame(new Uint8Array(data))
          if (frame !== null) take(frame, this.#rooms)
        })
        this.on('close', (code, reason) => {
          take({ kind: 'close', channel: 0, code, reason: reason.toString() }, this.#rooms)
        })
      }

      override send(bytes: Uint8Array): void {
        const frame = decodeFrame(bytes)
        if (frame?.kind === 'open') this.#rooms.set(frame.channel, frame.room)
        super.send(bytes)
      }
    } as unknown as SocketConstructor
  }

  #take(who: string, frame: Frame, rooms: ReadonlyMap<number, string>): void {
    if (frame.kind === 'opened' || frame.kind === 'data') {
      const room = rooms.get(frame.channel)
      if (room === undefined) return void this.complaints.push(`${who}: a message for a room that it never opened`)
      for (const [place, pair] of stampsIn(frame.message)) this.#note(room, place, pair)
    } else if (frame.kind === 'close' && frame.code >= 4400 && frame.code < 4500) {
      this.complaints.push(`${who}: ${rooms.get(frame.channel) ?? 'socket'} closed with ${frame.code} ${frame.reason}`)
    }
  }

  #note(room: string, place: string, pair: StampPair): void {
    const known = this.stamps.get(room) ?? new Map<string, StampPair>()
    this.stamps.set(room, known)
    const before = known.get(place) ?? pair
    if (before[0] !== pair[0] || before[1] !== pair[1]) {
      this.complaints.push(`${room} stamp ${place} was ${before.join(' at ')} and became ${pair.join(' at ')}`)
    }
    known.set(place, pair)
  }
}

/** The stamps that a y-websocket message carries, each with its place in Yjs: `<client>/<clock>`. */
function stampsIn(message: Uint8Array): [string, StampPair][] {
  const decoder = decoding.createDecoder(message)
  // Sync step 1 carries a state vector; step 2 and updates carry structs.
  if (decoding.readVarUint(decoder) !== 0 || decoding.readVarUint(decoder) === 0) return []
  return Y.decodeUpdate(decoding.readVarUint8Array(decoder)).structs.flatMap((struct) => {
    if (struct.id.client < EPOCH_CLIENT || !(struct instanceof Y.Item)) return []
    if (!(struct.content instanceof Y.ContentAny)) return []
    const { client, clock } = struct.id
    return struct.content.arr.map((pair: StampPair, i): [string, StampPair] => [`${client}/${clock + i}`, pair])
  })
}
