import { canonicalText } from '#conversation/canonical.ts'
import type { Entry } from '#conversation/entries.ts'
import { createUlid, type Ids, type Principal } from '#conversation/ids.ts'
import type { Room } from '#conversation/rooms.ts'
import { SERVER_CLIENT } from '#conversation/wire.ts'
import { digest } from '#server/accounts/secrets.ts'
import type { Asker, Store } from '#server/store/port.ts'
import { actsOf, type Act, type Written } from './acts.ts'
import { SAMPLE_AGENTS, SAMPLE_INBOX } from './agents.ts'
import { SAMPLE_CONVERSATIONS } from './conversations.ts'
import type { SampleConversation } from './script.ts'

/**
 * Fills an empty store with the demo: its inbox, its agents and conversations that look like the last few days. They
 * go in through the same door as real ones, in the order of their stamps. The agents come last: as long as there are
 * none, the store counts as empty, and a start that was cut short is made again.
 *
 * @param origin where the sample website is, for the pages that the conversations began on
 */
export async function seedDemo(store: Store, ids: Ids, origin: string): Promise<void> {
  if ((await store.agents()).length > 0) return
  await store.putInbox(SAMPLE_INBOX)
  const written = await writeConversations(store, ids, origin)
  for (const { agent } of SAMPLE_AGENTS) {
    await store.putAgent(agent)
    await store.setMemberships(agent.id, [SAMPLE_INBOX.id])
  }
  for (const { conversation, seen } of written) {
    for (const [principal, entry] of seen) await store.markSeen(principal, { kind: 'thread', conversation }, entry)
  }
}

async function writeConversations(store: Store, ids: Ids, origin: string): Promise<Written[]> {
  const now = ids.now()
  const acts = SAMPLE_CONVERSATIONS.flatMap((script) => actsOf(script, now, origin)).toSorted((a, b) => a.at - b.at)
  const states = new Map<SampleConversation, Written>()
  const visitors = new Map<string, Principal>()
  for (const act of acts) {
    const { visitor: name = '' } = act.script
    const state = states.get(act.script) ?? (await begin(store, ids, act.at, visitors.get(name)))
    states.set(act.script, state)
    if (name !== '') visitors.set(name, state.visitor)
    await write(store, ids, state, act)
  }
  await haveBeenMailed(store, now)
  return [...states.values()]
}

/** The transcripts that the sample conversations tell of went out long ago: nobody is to be mailed because of them. */
async function haveBeenMailed(store: Store, now: number): Promise<void> {
  const owner = 'demo'
  for (;;) {
    const job = await store.leaseJob(owner, now, 1000)
    if (job === null) return
    await store.finishJob(job.key, owner)
  }
}

async function begin(store: Store, ids: Ids, at: number, known: Principal | undefined): Promise<Written> {
  const then = { ...ids, now: () => at }
  return {
    conversation: createUlid(then),
    visitor: known ?? (await newVisitor(store, ids, at)),
    thread: [],
    assignee: null,
    clients: new Map(),
    said: new Map(),
    closed: null,
    seen: new Map(),
  }
}

async function newVisitor(store: Store, ids: Ids, at: number): Promise<Principal> {
  const id = createUlid({ ...ids, now: () => at })
  // A token that nobody ever gets to know.
  const tokenHash = digest(Buffer.from(ids.random(new Uint8Array(32))).toString('hex'))
  await store.createVisitor({ id, inbox: SAMPLE_INBOX.id, tokenHash, createdAt: at })
  return `visitor:${id}`
}

async function write(store: Store, ids: Ids, state: Written, act: Act): Promise<void> {
  const entry = act.entry(state)
  const id = createUlid({ ...ids, now: () => act.at })
  const room: Room = { kind: act.ledger, conversation: state.conversation }
  const place = act.by === 'system' ? SERVER_PLACE : placeOf(state, ids, `${entry.by} ${act.ledger}`)
  const commit = await store.append(
    [
      {
        room,
        principal: entry.by,
        asker: askerOf(act.by),
        entries: [{ ...place, id, text: canonicalText(entry), entry }],
      },
    ],
    act.at,
  )
  const [result] = commit.results
  if (result?.status !== 'stored') throw new Error(`a sample ${entry.kind} was not stored: ${JSON.stringify(result)}`)
  remember(state, act, id, entry)
}

function remember(state: Written, act: Act, id: string, entry: Entry): void {
  if (act.ledger === 'thread') state.thread.push(id)
  if (entry.kind === 'assigned') state.assignee = entry.to
  if (entry.kind === 'message') state.said.set(entry.by, id)
  if (entry.kind === 'closed') state.closed = id
  const last = state.thread.at(-1)
  if (last === undefined || act.by === 'system') return
  state.seen.set(entry.by, last)
  // Whatever one agent has answered or closed, the others have read: only what waits for somebody is unread.
  if (act.by === 'visitor' || act.ledger === 'team') return
  for (const { agent } of SAMPLE_AGENTS) state.seen.set(`agent:${agent.id}`, last)
}

/** Its clock is the store's to give. */
const SERVER_PLACE = { client: SERVER_CLIENT, clock: null }

/** The next clock of whoever writes there, under a client id as a device would draw it. */
function placeOf(state: Written, ids: Ids, who: string): { client: number; clock: number } {
  const known = state.clients.get(who) ?? { client: clientId(ids), clock: 0 }
  state.clients.set(who, { ...known, clock: known.clock + 1 })
  return known
}

function clientId(ids: Ids): number {
  // The high bit is set, which keeps clear of the reserved ids.
  return (new DataView(ids.random(new Uint8Array(4)).buffer).getUint32(0) | 0x8000_0000) >>> 0
}

function askerOf(by: Act['by']): Asker {
  if (by === 'system') return { role: 'server' }
  return by === 'visitor'
    ? { role: 'visitor', inbox: SAMPLE_INBOX.id }
    : { role: 'agent', admin: by === 'ada', inboxes: new Set([SAMPLE_INBOX.id]) }
}
