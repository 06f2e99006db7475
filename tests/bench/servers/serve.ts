import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * The child's side of a benchmark: a server in a process of its own, which says what it has used. The bench asks over
 * IPC (process.ts); nothing else in here knows that it is measured.
 */

/** What a server's process answers when it listens. */
export interface Ready {
  port: number
  /** Parley alone: what visitors offer and agents send to be let in, in the order in which they were named. */
  tokens?: string[]
  cookies?: string[]
}

/** Who will come, so that a server which knows its people can be told. */
export interface Guests {
  /** A folder of the server's own. */
  folder: string
  /** Ids of visitors and agents. */
  visitors: string[]
  agents: string[]
}

export interface Usage {
  /** User and system time of the whole process so far, in ms. */
  cpu: number
  /** In bytes, after a collection of garbage. */
  memory: number
  /** The longest time that the event loop was not free since the last answer, in ms. */
  blocked: number
}

export type Ask = { ask: 'start'; guests: Guests } | { ask: 'usage'; collect: boolean } | { ask: 'stop' }

interface Served extends Ready {
  close(): Promise<void>
}

/** Waits to be told to start, to answer and to stop. */
export function serve(start: (guests: Guests) => Promise<Served>): void {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  let served: Served | null = null

  async function answer(ask: Ask): Promise<unknown> {
    switch (ask.ask) {
      case 'start': {
        served = await start(ask.guests)
        const { close: _close, ...ready } = served
        return ready
      }
      case 'usage': {
        const { user, system } = process.cpuUsage()
        const blocked = delays.max / 1e6
        const memory = ask.collect ? collected() : 0
        delays.reset()
        return { cpu: (user + system) / 1000, memory, blocked } satisfies Usage
      }
      case 'stop':
        await served?.close()
        return null
    }
  }

  process.on('message', (ask: Ask) => {
    answer(ask).then(
      (result) => process.send?.({ ok: true, result }),
      (error: unknown) => process.send?.({ ok: false, error: String(error) }),
    )
  })
  // The bench is gone, or done.
  process.on('disconnect', () => process.exit(0))
}

/** What is alive: the heap, and what lies beside it (buffers, text in C++). */
function collected(): number {
  // Once for what is dead, and again for what only its finalizers held.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
