import type { Principal } from '#conversation/ids.ts'
import { EPOCH_CLIENT } from '#conversation/wire.ts'
import type { Append, AppendResult, LedgerHead, Span, StoredEntry } from '#server/store/port.ts'

/**
 * What a hot room remembers of its ledger: the head as it is committed, and what is queued on top of it. A cache of
 * the store, never ahead of it in what it tells anybody.
 */

interface Client {
  clock: number
  principal: Principal
  /** Ids that are queued, up to just below the clock. */
  queued: string[]
}

export type Conversation = LedgerHead['conversation']

export class Ledger {
  #head: LedgerHead | null
  readonly #queued = new Set<Append>()
  /** Clocks, ids and conversation with the queue counted in; rebuilt when something queued was not stored. */
  #clients = new Map<number, Client>()
  #ids = new Map<string, { text: string; principal: Principal }>()
  #conversation: Conversation | null = null

  constructor(head: LedgerHead | null) {
    this.#head = head
    this.#rebuild()
  }

  /** Null while the conversation does not exist. */
  get head(): LedgerHead | null {
    return this.#head
  }

  /** How many entries are stamped. */
  get next(): number {
    return this.#head?.next ?? 0
  }

  /** Which stamps belong to which epoch. */
  get spans(): readonly Span[] {
    return this.#head?.spans ?? []
  }

  /** How many stamps the store has under a Yjs client of the relay's; null: none of this history's. */
  stamps(client: number): number | null {
    const at = this.spans.findIndex(({ epoch }) => EPOCH_CLIENT + epoch === client)
    return at === -1 ? null : (this.spans[at + 1]?.from ?? this.next) - (this.spans[at]?.from ?? 0)
  }

  /** The conversation, also if the entry that begins it is still queued. */
  get conversation(): Conversation | null {
    return this.#conversation
  }

  /** Whether nothing waits to be stored. */
  get settled(): boolean {
    return this.#queued.size === 0
  }

  /** The next clock of a Yjs client and whose it is, what is queued included; null: unknown so far. */
  client(client: number): Readonly<Client> | null {
    return this.#clients.get(client) ?? null
  }

  /** The state vector for a sync step 1: what a device need not send again, what is queued included. */
  vector(): Map<number, number> {
    const vector = new Map<number, number>()
    for (const { epoch } of this.spans) vector.set(EPOCH_CLIENT + epoch, this.stamps(EPOCH_CLIENT + epoch) ?? 0)
    for (const [client, { clock }] of this.#clients) vector.set(client, clock)
    return vector
  }

  /** The id queued under a client and clock; null if none is. */
  queuedAt(client: number, clock: number): string | null {
    const known = this.#clients.get(client)
    return known?.queued[clock - (known.clock - known.queued.length)] ?? null
  }

  /** A queued entry by id. */
  queued(id: string): { text: string; principal: Principal } | null {
    return this.#ids.get(id) ?? null
  }

  enqueue(append: Append): void {
    this.#queued.add(append)
    this.#lay(append)
  }

  /**
   * Takes the store's answer to an update, queued or the server's. Gives the rows that are new to this room, ascending;
   * `gap` if rows before them are missing here, so that the room must load again.
   */
  settle(append: Append, result: AppendResult): StoredEntry[] | 'gap' {
    this.#queued.delete(append)
    if (result.status !== 'stored') {
      this.#rebuild()
      return []
    }
    this.#head ??= begin(append)
    const head = this.#head
    // Queued in a room that this one has replaced: nobody here has counted it in.
    this.#conversation ??= head.conversation
    const rows = result.entries.filter((row) => row.seq >= head.next)
    if (rows.some((row, i) => row.seq !== head.next + i)) return 'gap'
    const first = rows[0]
    if (first !== undefined && head.spans.at(-1)?.epoch !== result.epoch) {
      head.spans.push({ epoch: result.epoch, from: first.seq })
    }
    for (const row of rows) this.#stored(head, row)
    return rows
  }

  #stored(head: LedgerHead, { seq, id, client, clock, by }: StoredEntry): void {
    head.next = seq + 1
    head.clients.set(client, { clock: clock + 1, principal: by })
    this.#ids.delete(id)
    const known = this.#clients.get(client)
    // What the server appends gets its clock from the store, so nobody has counted it in before.
    if (known === undefined || known.clock <= clock)
      this.#clients.set(client, { clock: clock + 1, principal: by, queued: [] })
    else if (known.queued[0] === id) known.queued.shift()
  }

  #rebuild(): void {
    const stored = this.#head?.clients ?? new Map<number, { clock: number; principal: Principal }>()
    this.#clients = new Map([...stored].map(([client, each]) => [client, { ...each, queued: [] }]))
    this.#conversation = this.#head?.conversation ?? null
    this.#ids = new Map()
    for (const append of this.#queued) this.#lay(append)
  }

  #lay({ room, principal, entries }: Append): void {
    for (const { client, clock, id, text, entry } of entries) {
      this.#ids.set(id, { text, principal })
      if (clock !== null) {
        const queued = this.#clients.get(client)?.queued ?? []
        queued.push(id)
        this.#clients.set(client, { clock: clock + 1, principal, queued })
      }
      if (entry.kind === 'opened') {
        this.#conversation ??= { id: room.conversation, inbox: entry.inbox, visitor: principal }
      }
    }
  }
}

function begin({ room, principal, entries }: Append): LedgerHead {
  const opened = entries.find(({ entry }) => entry.kind === 'opened')?.entry
  const inbox = opened?.kind === 'opened' ? opened.inbox : ''
  return { conversation: { id: room.conversation, inbox, visitor: principal }, spans: [], next: 0, clients: new Map() }
}
