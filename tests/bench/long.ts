import { on, once } from 'node:events'
import { WebSocket } from 'ws'
import { decodeFrame, encodeFrame } from '#conversation/wire.ts'
import { step1 } from '#server/relay/message.ts'
import { bare, CONTENDERS, parley, type Contender } from './contenders.ts'
import { ServerProcess } from './process.ts'
import { Seat } from './seat.ts'
import type { Ready } from './servers/serve.ts'
import { median } from './numbers.ts'
import { createCompany, type Chair, type Company } from './talk.ts'

/** A conversation of 10,000 entries: opening it, and coming back to it up to date. */

/** A visitor and an agent, in turn. */
const EACH = 5000
const OPENINGS = 9
const RECONNECTS = 1000
const AT_A_TIME = 4

export interface Long {
  contender: Contender
  /** From sync step 1 to the last byte at the device, in ms. */
  opens: number
  /** The server's CPU time for it, and the longest that its event loop was not free, in ms. */
  cpu: number
  blocked: number
  /** The server's CPU time for one device that comes back with all, from the handshake to the close, in ms. */
  reconnect: number
  /** The same for joining the room again over a socket that is open; null where that is not measured. */
  rejoin: number | null
}

/** `floor`: the server's CPU time in ms for a socket that comes and goes, where a server reads nothing. */
export async function measureLong(): Promise<{ floor: number; results: Long[] }> {
  const company = createCompany({ talks: 1, agents: 1, each: EACH })
  const results: Long[] = []
  for (const contender of CONTENDERS.filter(({ reads }) => reads)) results.push(await measure(contender, company))
  return { floor: await socketAlone(company), results }
}

async function measure(contender: Contender, company: Company): Promise<Long> {
  const server = new ServerProcess(contender.server)
  const [talk] = company.talks
  const [visitor, agent] = talk?.speakers ?? []
  if (talk === undefined || visitor === undefined || agent === undefined) throw new Error('nobody is there')
  const entries = 2 * EACH + 1
  try {
    const ready = await server.start(company)
    const guest = await sit(contender, ready, visitor.chair)
    guest.say(visitor.all)
    await guest.hears(EACH + 1)
    const keeper = await sit(contender, ready, agent.chair)
    keeper.say(agent.all)
    await keeper.hears(entries)
    await guest.leave()
    // What is stored later (Hocuspocus) is not to be counted below.
    await new Promise((resolve) => setTimeout(resolve, 5000))
    const openings: Awaited<ReturnType<typeof open>>[] = []
    for (let i = 0; i < OPENINGS; i++) openings.push(await open(contender, ready, server, agent.chair, entries))
    const vector = keeper.vector
    await reconnect({ contender, ready, server, chair: agent.chair, vector, count: 100 })
    const cost = await reconnect({ contender, ready, server, chair: agent.chair, vector, count: RECONNECTS })
    const again = contender === parley ? await rejoin({ ready, server, chair: agent.chair, vector }) : null
    await keeper.leave()
    const mid = (of: 'took' | 'cpu' | 'blocked'): number => median(openings.map((each) => each[of]))
    return { contender, opens: mid('took'), cpu: mid('cpu'), blocked: mid('blocked'), reconnect: cost, rejoin: again }
  } finally {
    await server.remove()
  }
}

async function socketAlone({ talks }: Company): Promise<number> {
  const server = new ServerProcess(bare.server)
  try {
    const ready = await server.start({ visitors: [], agents: [] })
    const chair = talks[0]?.speakers[0]?.chair
    if (chair === undefined) throw new Error('nobody is there')
    const again = { contender: bare, ready, server, chair, vector: new Map<number, number>() }
    await reconnect({ ...again, count: 100 })
    return await reconnect({ ...again, count: RECONNECTS })
  } finally {
    await server.remove()
  }
}

/** A seat that fails the benchmark if anything goes wrong before `joined` or `hears` resolve. */
async function sit(
  contender: Contender,
  ready: Ready,
  chair: Chair,
  vector?: ReadonlyMap<number, number>,
): Promise<Seat> {
  const seat = new Seat({ contender, ready, chair, failed: fail, ...(vector !== undefined && { vector }) })
  await seat.joined
  return seat
}

function fail(why: string): never {
  throw new Error(why)
}

async function open(contender: Contender, ready: Ready, server: ServerProcess, chair: Chair, entries: number) {
  const before = await server.usage()
  const start = performance.now()
  const seat = await sit(contender, ready, chair)
  const took = performance.now() - start
  if (seat.entries !== entries) throw new Error(`${contender.title}: ${seat.entries} of ${entries} entries came`)
  const after = await server.usage()
  await seat.leave()
  return { took, cpu: after.cpu - before.cpu, blocked: after.blocked }
}

interface Again {
  ready: Ready
  server: ServerProcess
  chair: Chair
  vector: ReadonlyMap<number, number>
}

/** A device with a new socket that has everything. */
async function reconnect(again: Again & { contender: Contender; count: number }): Promise<number> {
  const { contender, ready, server, chair, vector, count } = again
  const before = await server.usage()
  let left = count
  const device = async (): Promise<void> => {
    while (left-- > 0) {
      const seat = await sit(contender, ready, chair, vector)
      if (seat.entries > 0) throw new Error(`${contender.title} sent what the device had`)
      await seat.leave()
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, device))
  const after = await server.usage()
  return (after.cpu - before.cpu) / count
}

/** A device that joins the room again over its one socket (src/conversation/wire.ts). */
async function rejoin({ ready, server, chair, vector }: Again): Promise<number> {
  const { headers } = parley.open(chair, ready)
  const socket = new WebSocket(`ws://127.0.0.1:${ready.port}/sync`, { headers, perMessageDeflate: false })
  const frames = on(socket, 'message') as AsyncIterator<[Buffer]>
  await once(socket, 'open')
  const join = async (channel: number): Promise<void> => {
    socket.send(encodeFrame({ kind: 'open', channel, room: chair.room }))
    socket.send(encodeFrame({ kind: 'data', channel, message: step1(vector) }))
    for (;;) {
      const { value } = await frames.next()
      const frame = decodeFrame(new Uint8Array(value[0]))
      if (frame?.kind === 'close') throw new Error(frame.reason)
      // 0 1 is sync step 2: two bytes of an update that says nothing.
      if (frame?.kind === 'data' && frame.message[0] === 0 && frame.message[1] === 1) break
    }
    socket.send(encodeFrame({ kind: 'close', channel, code: 1000, reason: '' }))
  }
  for (let channel = 1; channel <= 100; channel++) await join(channel)
  const before = await server.usage()
  for (let channel = 101; channel <= 100 + RECONNECTS; channel++) await join(channel)
  const after = await server.usage()
  socket.close()
  return (after.cpu - before.cpu) / RECONNECTS
}
