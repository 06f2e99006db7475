import { expect, test } from 'vitest'
import { createEnvironment, type Environment } from '#sync/environment.ts'
import { Connection } from '#sync/socket.ts'
import { until } from './browser.ts'
import { RelayDouble } from './relay-double.ts'

/** A connection on a clock that moves only when told. */
function connected(relay: RelayDouble, changes: Partial<Environment> = {}) {
  const timers = new Set<{ due: number; run: () => void }>()
  let now = 1_000_000
  let wake = () => {}
  const environment = createEnvironment({
    WebSocket: relay.socketClass(),
    now: () => now,
    after(ms, run) {
      const timer = { due: now + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    // Half of the longest wait, always.
    random: (bytes) => bytes.fill(0).fill(0x80, 0, 1),
    onWake(listener) {
      wake = listener
      return () => (wake = () => {})
    },
    ...changes,
  })
  const connection = new Connection({ url: 'wss://parley.test/sync', protocols: [], environment })
  const pass = (ms: number) => {
    now += ms
    for (const timer of [...timers]) {
      if (timer.due > now || !timers.delete(timer)) continue
      timer.run()
    }
  }
  return { connection, environment, timers, pass, wake: () => wake(), state: () => connection.link.state }
}

/** Lets what is on its way in memory arrive. */
const arrive = async () => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}

test('it is live from the first frame on, and tries again with growing pauses', async () => {
  const relay = new RelayDouble()
  const { connection, environment, pass, state } = connected(relay)
  expect(state()).toBe('connecting')
  await until(() => expect(state()).toBe('live'))
  relay.network = 'down'
  relay.cut()
  const waits: number[] = []
  for (let i = 0; i < 7; i++) {
    await until(() => expect(state()).toBe('offline'))
    const wait = (connection.link.retryAt ?? 0) - environment.now()
    waits.push(wait)
    pass(wait)
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000])
  connection.close()
})

test('a connection that lasted starts over with a short pause', async () => {
  const relay = new RelayDouble()
  const { connection, pass, state } = connected(relay)
  for (let i = 0; i < 3; i++) {
    await until(() => expect(state()).toBe('live'))
    for (let beats = 0; beats < 2; beats++) {
      pass(10_000)
      await arrive()
    }
    relay.cut()
    expect(connection.link).toMatchObject({ state: 'offline' })
    pass(500)
  }
  await until(() => expect(state()).toBe('live'))
  connection.close()
})

test('a socket that sends but does not receive is given up', async () => {
  const relay = new RelayDouble()
  const { connection, pass, state } = connected(relay)
  await until(() => expect(state()).toBe('live'))
  relay.network = 'deaf'
  pass(10_000)
  await arrive()
  expect(state()).toBe('live')
  pass(10_000)
  expect(state()).toBe('offline')
  connection.close()
})

test('a hidden tab whose timers are late keeps its connection', async () => {
  const relay = new RelayDouble()
  const { connection, pass, state } = connected(relay)
  await until(() => expect(state()).toBe('live'))
  for (let minutes = 0; minutes < 3; minutes++) {
    pass(60_000)
    await arrive()
    expect(state()).toBe('live')
  }
  expect(relay.protocols).toHaveLength(1)
  connection.close()
})

test('coming back tries at once, and questions a connection that looks alive', async () => {
  const relay = new RelayDouble()
  const { connection, pass, state, wake } = connected(relay)
  await until(() => expect(state()).toBe('live'))
  wake()
  await arrive()
  pass(4_000)
  expect(state()).toBe('live')
  relay.network = 'deaf'
  wake()
  pass(4_000)
  relay.network = 'up'
  await until(() => expect(state()).toBe('live'))
  expect(relay.protocols).toHaveLength(2)
  relay.network = 'down'
  relay.cut()
  relay.network = 'up'
  wake()
  await until(() => expect(state()).toBe('live'))
  connection.close()
})

for (const [code, name] of [
  [4401, 'signed-out'],
  [4403, 'refused'],
] as const) {
  test(`[${code}] is ${name}, and is tried again only when told`, async () => {
    const relay = new RelayDouble()
    relay.network = code
    const { connection, timers, state, wake } = connected(relay)
    await until(() => expect(state()).toBe(name))
    expect(timers.size).toBe(0)
    wake()
    expect(state()).toBe(name)
    relay.network = 'up'
    connection.tryNow()
    await until(() => expect(state()).toBe('live'))
    connection.close()
    expect(timers.size).toBe(0)
  })
}

test('a room waits for the socket, and is opened once on each', async () => {
  const relay = new RelayDouble()
  relay.network = 'down'
  const { connection, pass, state } = connected(relay)
  const Channel = connection.channelSocket()
  const channel = new Channel('wss://parley.test/sync/conversation/x/thread')
  const events: string[] = []
  channel.onopen = () => events.push('open')
  channel.onmessage = () => events.push('message')
  channel.onclose = ({ code }) => events.push(`close ${code}`)
  await until(() => expect(state()).toBe('offline'))
  expect(channel.readyState).toBe(Channel.CONNECTING)
  expect(() => channel.send(new Uint8Array(1))).toThrow('not open')
  relay.network = 'up'
  connection.tryNow()
  await until(() => expect(events).toEqual(['open', 'message']))
  expect(relay.opens.get('conversation/x/thread')).toBe(1)
  pass(10_000)
  // Nothing came from the relay; the provider's watchdog hears a message all the same.
  expect(events).toEqual(['open', 'message', 'message'])
  relay.cut()
  expect(events.at(-1)).toBe('close 1006')
  expect(channel.readyState).toBe(Channel.CLOSED)
  connection.close()
})

test('the late close of a replaced socket does nothing to the new one', async () => {
  const relay = new RelayDouble()
  const { connection, pass, state } = connected(relay)
  await until(() => expect(state()).toBe('live'))
  const [old] = relay.sockets
  const late = old?.onclose
  relay.cut()
  pass(500)
  await until(() => expect(state()).toBe('live'))
  late?.(new CloseEvent('close', { code: 4401 }))
  expect(state()).toBe('live')
  connection.close()
})
