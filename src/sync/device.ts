import type { Facts } from '#conversation/access.ts'
import { roleOf, type Principal } from '#conversation/ids.ts'
import { Changes } from '#sync/changes.ts'
import { JoinedConversation } from '#sync/conversation.ts'
import { openDisk } from '#sync/disk-fallback.ts'
import type { Disk } from '#sync/disk.ts'
import { Documents } from '#sync/documents.ts'
import { createEnvironment, type Environment } from '#sync/environment.ts'
import { Feed, type FeedOptions } from '#sync/feed.ts'
import { deleteDatabase } from '#sync/indexed.ts'
import { copyName } from '#sync/ledger.ts'
import { ReadMarkers } from '#sync/markers.ts'
import { databasesOf, deleteOldCopies, diskName } from '#sync/old-copies.ts'
import { Outbox } from '#sync/outbox.ts'
import type { ConnectionState, Device, InboxRows, OpenConversation } from '#sync/port.ts'
import { Rechecks, type RechecksOptions } from '#sync/rechecks.ts'
import { Sender } from '#sync/sender.ts'
import { Connection } from '#sync/socket.ts'
import { createTabs, type Tabs } from '#sync/tabs.ts'

export interface DeviceOptions {
  principal: Principal
  /** The server: `wss://host` (or `ws:`). */
  url: string
  /** Visitors: the inbox's key, and the token that says who they are. */
  inbox?: string
  token?: string
  /** What is not to come from the platform. */
  environment?: Partial<Environment>
}

interface Parts {
  principal: Principal
  asker: Facts['asker']
  environment: Environment
  disk: Disk
  tabs: Tabs
  connection: Connection
  outbox: Outbox
  documents: Documents
  sender: Sender
  rechecks: Rechecks
  markers: ReadMarkers
  /** Null for visitors. */
  feed: Feed | null
  changes: Changes
  /** Whether a disk or a document's database was lost under way. */
  storage: { lost: boolean }
}

const NO_ROWS: InboxRows = { loaded: false, conversations: [], agents: new Map(), inboxes: new Map() }

/** Opens what this principal has on this device, and connects. Resolves as soon as the disk is read. */
export function createDevice(options: DeviceOptions): Promise<Device> {
  return openDevice(options, roleOf(options.principal) === 'agent' ? Feed.start : null)
}

/**
 * {@link createDevice} for visitors, who have no feed. By itself, so that they need not load what agents have.
 */
export function createVisitorDevice(options: DeviceOptions): Promise<Device> {
  return openDevice(options, null)
}

async function openDevice(
  options: DeviceOptions,
  startFeed: ((options: FeedOptions) => Promise<Feed>) | null,
): Promise<Device> {
  const { principal, token } = options
  const environment = createEnvironment(options.environment)
  const name = diskName(environment, principal)
  const changes = new Changes()
  const storage = { lost: false }
  const storageLost = () => {
    storage.lost = true
    changes.tell()
  }
  const disk = await openDisk(name, environment, storageLost)
  const kept = disk.storage === 'kept'
  const tabs = createTabs(name, kept ? environment : { BroadcastChannel: null })
  const outbox = new Outbox(disk, tabs)
  await outbox.load()
  const protocols = token === undefined ? [] : ['parley', `token.${token}`]
  const connection = new Connection({ url: `${options.url.replace(/\/+$/, '')}/sync`, protocols, environment })
  const old = { disk, environment, principal }
  const renewed = (room: string) => void deleteOldCopies(old, room).catch(() => {})
  const documents = new Documents({ principal, disk, connection, environment, outbox, tabs, renewed, storageLost })
  const markers = await ReadMarkers.start({ principal, disk, connection })
  const doubts = startFeed === null ? ownDoubts(disk, connection) : listedDoubts(disk, () => feed)
  const rechecks = new Rechecks({ ...doubts, documents })
  const feed: Feed | null =
    (await startFeed?.({ disk, connection, outbox, markers, doubtful: () => rechecks.look() })) ?? null
  connection.onOpen(() => {
    rechecks.connected()
    void outbox.refresh()
  })
  // Tabs that share no disk have nothing to send twice.
  const sender = new Sender({ name, locks: kept ? environment.locks : null, disk, outbox, documents })
  // Only for agents: some browsers ask the person, and a visitor would not know why.
  if (kept && startFeed !== null) void environment.persist?.().catch(() => false)
  // No tab of an earlier session uses them now.
  void deleteOldCopies(old).catch(() => {})
  const asker = askerOf(principal, options.inbox)
  const parts = {
    principal,
    asker,
    environment,
    disk,
    tabs,
    connection,
    outbox,
    documents,
    sender,
    rechecks,
    markers,
    feed,
    changes,
    storage,
  }
  return new LocalDevice(parts)
}

function askerOf(principal: Principal, inbox: string | undefined): Facts['asker'] {
  if (roleOf(principal) === 'visitor') return { role: 'visitor', inbox: inbox ?? '' }
  // Which inboxes an agent reaches is the relay's to say: this device has only conversations that it was given.
  return { role: 'agent', admin: true, inboxes: new Set() }
}

type Doubts = Omit<RechecksOptions, 'documents'>

/** Agents are told by the feed which copies are in doubt, and which conversations they reach. */
function listedDoubts(disk: Disk, feed: () => Feed | null): Doubts {
  return {
    doubtful: () => disk.suspects(),
    reaches: ({ conversation }) => feed()?.lists(conversation) === true,
    cleared: (room) => disk.cleared(room),
  }
}

/** Visitors have no feed and few conversations: each of them is looked at once in every connection. */
function ownDoubts(disk: Disk, connection: Connection): Doubts {
  const looked = new Set<string>()
  connection.onOpen(() => looked.clear())
  return {
    doubtful: async () => (await disk.allCopies()).map(({ room }) => room).filter((room) => !looked.has(room)),
    reaches: () => true,
    cleared: async (room) => void looked.add(room),
  }
}

class LocalDevice implements Device {
  readonly principal: Principal
  readonly #parts: Parts
  readonly #open = new Map<string, { conversation: JoinedConversation; users: number }>()
  #connection: ConnectionState | null = null
  #closing: Promise<void> | null = null

  constructor(parts: Parts) {
    const { changes, connection, outbox } = parts
    this.principal = parts.principal
    this.#parts = parts
    connection.subscribe(() => changes.tell())
    outbox.subscribe(() => changes.tell())
  }

  get connection(): ConnectionState {
    const { connection, disk, outbox, storage } = this.#parts
    const now: ConnectionState = {
      ...connection.link,
      waiting: outbox.rows.filter((row) => row.refused === null && !row.recovered).length,
      refused: outbox.rows.filter((row) => row.refused !== null).length,
      storage: storage.lost ? 'memory' : disk.storage,
    }
    if (this.#connection === null || !isSame(this.#connection, now)) this.#connection = now
    return this.#connection
  }

  subscribeConnection = (listener: () => void) => this.#parts.changes.subscribe(listener)

  tryNow(): void {
    this.#parts.connection.tryNow()
  }

  get inbox(): InboxRows {
    return this.#parts.feed?.inbox ?? NO_ROWS
  }

  subscribeInbox = (listener: () => void) => this.#parts.feed?.subscribe(listener) ?? (() => {})

  open(id: string): OpenConversation {
    const open = this.#open.get(id)
    if (open !== undefined) {
      open.users++
      return open.conversation
    }
    const { asker, documents, environment, markers, outbox, principal } = this.#parts
    const author = { by: principal, asker, ids: environment }
    const released = () => this.#release(id)
    const conversation = new JoinedConversation({ id, author, documents, outbox, markers, environment, released })
    this.#open.set(id, { conversation, users: 1 })
    return conversation
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async wipe(): Promise<void> {
    const { disk, environment, principal } = this.#parts
    const copies = await disk.allCopies()
    await this.#closeAllButDisk()
    for (const { room, generations } of copies) {
      for (const generation of generations) {
        await deleteDatabase(copyName(environment.profile, principal, room, generation))
      }
    }
    await disk.wipe()
    // What a disk that failed under way still holds, and does not tell of any more.
    for (const name of await databasesOf(this.#parts)) await deleteDatabase(name)
  }

  #release(id: string): void {
    const open = this.#open.get(id)
    if (open === undefined || --open.users > 0) return
    // A screen that is redrawn closes and opens again in one go: that is no leaving.
    queueMicrotask(() => {
      if (open.users > 0 || this.#open.get(id) !== open) return
      this.#open.delete(id)
      open.conversation.leave()
    })
  }

  async #close(): Promise<void> {
    await this.#closeAllButDisk()
    this.#parts.disk.close()
  }

  async #closeAllButDisk(): Promise<void> {
    const { changes, connection, documents, feed, markers, outbox, rechecks, sender, tabs } = this.#parts
    for (const { conversation } of this.#open.values()) conversation.leave()
    this.#open.clear()
    sender.close()
    rechecks.close()
    feed?.close()
    markers.close()
    await documents.close()
    connection.close()
    await outbox.close()
    tabs.close()
    changes.clear()
  }
}

function isSame(a: ConnectionState, b: ConnectionState): boolean {
  return (Object.keys(b) as (keyof ConnectionState)[]).every((key) => a[key] === b[key])
}
