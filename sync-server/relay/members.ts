import { CloseCode } from '#conversation/wire.ts'
import type { Markers } from './markers.ts'
import { awareness, QUIET_MESSAGE } from './message.ts'
import { audienceOf, maySee, Presence, readStates, type Audience } from './presence.ts'
import type { Caller, Peer } from './port.ts'
import { PRESENCE_MS } from './limits.ts'

/** Who speaks on a connection. Its caller is replaced when access changes. */
export interface Speaker {
  caller: Caller
}

/** A peer that has joined a room. */
export interface Member {
  readonly peer: Peer
  readonly speaker: Speaker
  readonly audience: Audience
  readonly presence: Presence
  /** Has been answered its sync step 1: from then on it gets what is committed, as it is committed. */
  synced: boolean
}

/** The peers of one room, and what they are told of each other. */
export class Members {
  readonly #all = new Set<Member>()
  readonly #random: () => number
  /** Whose presence has changed and is not told yet. */
  readonly #changed = new Set<Member>()
  #markers: Markers | null = null
  #markersMoved = false
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(random: () => number) {
    this.#random = random
  }

  get size(): number {
    return this.#all.size
  }

  [Symbol.iterator](): Iterator<Member> {
    return [...this.#all].values()
  }

  has(member: Member): boolean {
    return this.#all.has(member)
  }

  create(peer: Peer, speaker: Speaker): Member {
    const audience = audienceOf(speaker.caller.principal)
    return { peer, speaker, audience, presence: new Presence(this.#random), synced: false }
  }

  /** From now on the member is in the room, whose markers these are. */
  enter(member: Member, markers: Markers): void {
    this.#markers = markers
    this.#all.add(member)
  }

  /** Takes the member out and tells the others at once. False if it was not in. */
  leave(member: Member): boolean {
    if (!this.#all.delete(member)) return false
    // Its last word may be that it leaves, and not be told yet.
    const untold = this.#changed.delete(member)
    if (untold || member.presence.state !== null) {
      member.presence.leave()
      for (const reader of this.#all) this.#tell(reader, [member], false)
    }
    if (this.#all.size === 0) this.#stop()
    return true
  }

  /** Takes the member out and closes its connection. */
  expel(member: Member, code: number, reason: string): void {
    if (this.leave(member)) member.peer.close(code, reason)
  }

  /** Takes everybody out; nobody is left to be told. */
  expelAll(code: number, reason: string): void {
    const all = [...this.#all]
    this.#all.clear()
    this.#stop()
    for (const { peer } of all) peer.close(code, reason)
  }

  /** Reads an awareness message. Gives what the device now says it has seen, if that changed. */
  hear(member: Member, states: Uint8Array): string | null {
    const said = readStates(states)
    if (said === 'malformed') this.expel(member, CloseCode.Malformed, 'not an awareness update')
    if (said === 'large') this.expel(member, CloseCode.TooLarge, 'awareness state too large')
    if (typeof said === 'string') return null
    const before = member.presence.state?.seen ?? null
    if (!member.presence.change(said, member.speaker.caller.principal)) return null
    this.#changed.add(member)
    this.#soon()
    const seen = member.presence.state?.seen ?? null
    return seen === before ? null : seen
  }

  /** Tells one member of everybody. */
  introduce(member: Member): void {
    this.#tell(member, this.#present(), true)
  }

  markersMoved(): void {
    this.#markersMoved = true
    this.#soon()
  }

  /** Says again who is there, before anybody's 30 s are over. */
  renew(): void {
    const present = this.#present()
    for (const { presence } of present) presence.renew()
    this.#markers?.renew()
    for (const member of this.#all) {
      if (!this.#tell(member, present, true)) member.peer.send(QUIET_MESSAGE)
    }
  }

  #present(): Member[] {
    return [...this.#all].filter(({ presence }) => presence.state !== null)
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      const changed = [...this.#changed]
      const moved = this.#markersMoved
      this.#stop()
      for (const member of this.#all) this.#tell(member, changed, moved)
    }, PRESENCE_MS)
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#changed.clear()
    this.#markersMoved = false
  }

  /** One frame to one reader, never with its own state. False if there was nothing that it may know. */
  #tell(reader: Member, about: Member[], markers: boolean): boolean {
    const states = about
      .filter((other) => other !== reader && maySee(reader.audience, other.audience))
      .map(({ presence, speaker }) => presence.encoded(reader.audience, speaker.caller))
    if (markers && this.#markers?.known(reader.audience)) states.push(this.#markers.encoded(reader.audience))
    if (states.length > 0) reader.peer.send(awareness(states))
    return states.length > 0
  }
}
