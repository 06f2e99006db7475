import { CONTENDERS, type Contender } from './contenders.ts'
import { ServerProcess } from './process.ts'
import { Seat } from './seat.ts'
import { createCompany, type Chair, type Speaker, type Talk } from './talk.ts'
import type { Ready } from './servers/serve.ts'

/** What is alive in the server's memory while nobody says anything. */

/** Conversations of 50 entries each with one device in them, and devices in one conversation. */
const CONVERSATIONS = 1000
const CONNECTIONS = 1000
const EACH = 50

export interface Memory {
  contender: Contender
  /** In bytes: what a conversation takes beside the connection in it, and what a connection takes. */
  conversation: number
  connection: number
}

export async function measureMemory(): Promise<Memory[]> {
  const results: Memory[] = []
  for (const contender of CONTENDERS.filter(({ reads }) => reads)) {
    const connection = await perConnection(contender)
    const both = await perConversation(contender)
    results.push({ contender, conversation: both - connection, connection })
  }
  return results
}

async function perConversation(contender: Contender): Promise<number> {
  const company = createCompany({ talks: CONVERSATIONS, agents: 0, each: EACH })
  return await growth(contender, company, async (ready, begin) => {
    for (const talk of company.talks) await begin(talk, ready)
    return CONVERSATIONS
  })
}

async function perConnection(contender: Contender): Promise<number> {
  const company = createCompany({ talks: 1, agents: 1, each: EACH })
  const [talk] = company.talks
  const [visitor, agent] = talk?.speakers ?? []
  if (talk === undefined || visitor === undefined || agent === undefined) throw new Error('nobody is there')
  return await growth(contender, company, async (ready, begin, sit) => {
    await begin(talk, ready)
    for (let i = 1; i < CONNECTIONS; i++) await sit(agent.chair, ready)
    return CONNECTIONS
  })
}

type Begin = (talk: Talk, ready: Ready) => Promise<void>
type Sit = (chair: Chair, ready: Ready) => Promise<Seat>

/** How much the server's memory grew with each of what `fill` put there. */
async function growth(
  contender: Contender,
  company: { visitors: string[]; agents: string[] },
  fill: (ready: Ready, begin: Begin, sit: Sit) => Promise<number>,
): Promise<number> {
  const server = new ServerProcess(contender.server)
  const seats: Seat[] = []
  const { promise: failed, reject } = Promise.withResolvers<never>()
  failed.catch(() => {})
  const sit: Sit = async (chair, ready) => {
    const seat = new Seat({ contender, ready, chair, failed: (why) => reject(new Error(why)) })
    seats.push(seat)
    await Promise.race([seat.joined, failed])
    return seat
  }
  const begin: Begin = async (talk, ready) => {
    const [visitor] = talk.speakers
    if (visitor === undefined) return
    const seat = await sit(visitor.chair, ready)
    seat.say(visitor.all)
    await Promise.race([seat.hears(heardAll(visitor)), failed])
  }
  try {
    const ready = await server.start(company)
    const before = await server.usage(true)
    const count = await fill(ready, begin, sit)
    // Hocuspocus stores after 2 s; then it is idle.
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const after = await server.usage(true)
    for (const seat of seats) void seat.leave()
    return (after.memory - before.memory) / count
  } finally {
    await server.remove()
  }
}

/** How many entries a device has heard when it has heard all of its own: the opening is one of them. */
function heardAll({ sayings }: Speaker): number {
  return sayings.length + 1
}
