import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { afterEach, beforeEach, vi } from 'vitest'
import * as awareness from 'y-protocols/awareness'
import * as Y from 'yjs'
import { canonicalText } from '#conversation/canonical.ts'
import { append, stampsOf, textsOf } from '#conversation/document.ts'
import type { Entry } from '#conversation/entries.ts'
import { createUlid, roleOf, type Principal } from '#conversation/ids.ts'
import { roomName, type Room } from '#conversation/rooms.ts'
import { createLocalBus } from '#server/bus/local.ts'
import type { Bus, BusMessage } from '#server/bus/port.ts'
import { goOn } from '#server/crash-points.ts'
import type { Member } from '#server/relay/members.ts'
import { awareness as awarenessMessage, step1, update } from '#server/relay/message.ts'
import type { Caller } from '#server/relay/port.ts'
import { Rooms } from '#server/relay/rooms.ts'
import type { LedgerRoom } from '#server/relay/room.ts'
import type { Asker, Store } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import { ada, body, bo, openedBy, stranger, testIds, visitor } from '../../support/conversations.ts'

/** The real rooms over a real store, with peers in memory: everything of the relay but its sockets. */

export const NOW = 1_760_000_000_000
const ids = testIds(NOW)
export const newId = (): string => createUlid(ids)

export const names: Record<string, string> = { [ada]: 'Ada', [bo]: 'Bo', [visitor]: 'Visitor', [stranger]: 'Visitor' }

export function callerOf(principal: Principal, asker: Asker = askerOf(principal)): Caller {
  return { principal, asker, session: null, name: names[principal] ?? 'Nobody', avatar: null }
}

export function askerOf(principal: Principal): Asker {
  return roleOf(principal) === 'visitor'
    ? { role: 'visitor', inbox: 'demo' }
    : { role: 'agent', admin: false, inboxes: new Set(['demo']) }
}

export const message = (by: Principal, text: string): Entry => ({
  kind: 'message',
  by,
  at: NOW,
  channel: 'chat',
  body: body(text),
})
export const comment = (by: Principal, text: string): Entry => ({
  kind: 'comment',
  by,
  at: NOW,
  body: body(text),
  mentions: [],
})
export { ada, bo, openedBy, stranger, visitor }

export interface World {
  store: Store
  bus: Bus
  rooms: Rooms
  /** What the bus was told. */
  told: BusMessage[]
  /** What the rooms logged. */
  logged: string[]
  jobs: number
  /** Replaces methods of the store from now on, for rooms made from now on. */
  breakStore(change: Partial<Store>): void
  mend(): void
  /** The database as it is now. */
  backup(): Promise<Buffer>
  /** Stops the rooms, and starts others on this copy of a database. */
  restart(copy: Buffer): Promise<void>
}

/** A world of its own for each test. */
export function useWorld(): World {
  const world = {} as World
  beforeEach(() => {
    let real = openSqliteStore({ path: ':memory:' })
    let broken: Partial<Store> = {}
    let now = NOW
    const store = new Proxy(real, {
      get: (_, name: keyof Store) => broken[name] ?? real[name],
    })
    const bus = createLocalBus()
    const start = () =>
      new Rooms({
        store,
        bus,
        now: () => now++,
        random: Math.random,
        log: {
          warn: (_what, text) => void world.logged.push(text),
          error: (_what, text) => void world.logged.push(text),
        },
        onJobs: () => void world.jobs++,
        reached: goOn,
      })
    Object.assign(world, {
      store,
      bus,
      told: [],
      logged: [],
      jobs: 0,
      breakStore: (change: Partial<Store>) => void (broken = change),
      mend: () => void (broken = {}),
      backup: () => real.copy(),
      restart: async (copy: Buffer) => {
        await world.rooms.drain()
        await real.close()
        real = openSqliteStore({ path: ':memory:', copy })
        world.rooms = start()
      },
      rooms: start(),
    } satisfies World)
    bus.subscribe((each) => world.told.push(each))
  })
  afterEach(async () => {
    await world.rooms.drain()
    await world.store.close()
  })
  return world
}

/** A peer with a real Y.Doc behind it, speaking y-websocket as the provider does, and by hand where a test wants it. */
export class TestPeer {
  readonly doc = new Y.Doc()
  /** What others are said to do, by the awareness id that the relay gave them. */
  readonly others = new Map<number, Record<string, unknown>>()
  readonly received: Uint8Array[] = []
  closed: { code: number; reason: string } | null = null
  /** Whether anything ever came that built on what had not come: Yjs would echo it with Skip structs. */
  everPending = false
  member: Member | null = null
  readonly caller: Caller
  readonly room: Room
  readonly #ledger: LedgerRoom
  /** Everything in order, as a socket would hand it over. */
  #last: Promise<void> = Promise.resolve()

  constructor(world: World, caller: Caller, room: Room, mute = false) {
    this.caller = caller
    this.room = room
    const ledger = world.rooms.get(roomName(room))
    if (ledger === null) throw new Error('no such room')
    this.#ledger = ledger
    this.doc.on('update', (bytes: Uint8Array, origin: unknown) => {
      if (origin !== 'relay' && !mute) void this.send(update(bytes))
    })
    this.#last = ledger
      .join(
        {
          send: (bytes) => this.#hear(bytes),
          close: (code, reason) => (this.closed = { code, reason }),
        },
        this,
      )
      .then((member) => void (this.member = member))
    if (!mute) void this.sync()
  }

  /** Sends sync step 1, and resolves when it has been handled. */
  async sync(): Promise<void> {
    await this.send(step1(Y.decodeStateVector(Y.encodeStateVector(this.doc))))
  }

  async send(bytes: Uint8Array): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.member !== null) await this.#ledger.receive(this.member, bytes)
    })
    await this.#last
  }

  /** Puts an entry into the document, which sends it. */
  write(entry: Entry, id = newId()): string {
    append(this.doc, id, canonicalText(entry), 'test')
    return id
  }

  /** Says something about itself, under the document's id or another. */
  async present(state: object | null, id = this.doc.clientID): Promise<void> {
    await this.send(presence([{ id, state }]))
  }

  async joined(): Promise<this> {
    await this.#last
    return this
  }

  leave(): void {
    if (this.member !== null) this.#ledger.leave(this.member)
  }

  get stamps(): string[] {
    return stampsOf(this.doc).map(([id]) => id)
  }

  get texts(): Map<string, string> {
    return new Map(textsOf(this.doc).entries())
  }

  #hear(bytes: Uint8Array): void {
    this.received.push(bytes)
    const decoder = decoding.createDecoder(bytes)
    const type = decoding.readVarUint(decoder)
    if (type === 1) return this.#hearPresence(decoding.readVarUint8Array(decoder))
    const step = decoding.readVarUint(decoder)
    const payload = decoding.readVarUint8Array(decoder)
    if (step !== 0) {
      Y.applyUpdate(this.doc, payload, 'relay')
      this.everPending ||= this.doc.store.pendingStructs !== null
      return
    }
    const missing = Y.encodeStateAsUpdate(this.doc, payload)
    if (missing.length > 2) void this.send(update(missing))
  }

  #hearPresence(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes)
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const id = decoding.readVarUint(decoder)
      decoding.readVarUint(decoder)
      const state = JSON.parse(decoding.readVarString(decoder)) as Record<string, unknown> | null
      if (state === null) this.others.delete(id)
      else this.others.set(id, state)
    }
  }
}

/** An awareness message as y-protocols writes it. */
export function presence(states: { id: number; state: object | null }[], clock = 1): Uint8Array {
  return awarenessMessage(
    states.map(({ id, state }) => {
      const encoder = encoding.createEncoder()
      encoding.writeVarUint(encoder, id)
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarString(encoder, JSON.stringify(state))
      return encoding.toUint8Array(encoder)
    }),
  )
}

export const outdatedTimeout = awareness.outdatedTimeout

export async function join(world: World, principal: Principal, room: Room, mute = false): Promise<TestPeer> {
  return await new TestPeer(world, callerOf(principal), room, mute).joined()
}

export const thread = (): Room => ({ kind: 'thread', conversation: newId() })
export const teamOf = ({ conversation }: Room): Room => ({ kind: 'team', conversation })

/** A conversation that a visitor has begun, with the visitor in it. */
export async function begun(world: World): Promise<{ room: Room; peer: TestPeer; first: string }> {
  const room = thread()
  const peer = await join(world, visitor, room)
  peer.write(openedBy(visitor))
  const first = peer.write(message(visitor, 'Hello'))
  await until(() => peer.stamps.length === 2)
  return { room, peer, first }
}

/** Waits until it is so. */
export async function until(so: () => boolean): Promise<void> {
  await vi.waitUntil(so, { timeout: 10_000, interval: 1 })
}
