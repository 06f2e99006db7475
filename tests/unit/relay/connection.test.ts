import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { CloseCode } from '#conversation/wire.ts'
import { Connection, type Protocol } from '#server/relay/connection.ts'
import { MAX_WAITING, WRITE_LIMIT, WRITE_PAUSE } from '#server/relay/limits.ts'
import type { RelaySocket } from '#server/relay/port.ts'
import { callerOf, NOW, visitor } from './support.ts'

/** A socket whose other end reads only when the test says so. */
class StuckSocket extends EventEmitter implements RelaySocket {
  readonly OPEN = 1
  readonly CLOSED = 3
  readyState: RelaySocket['readyState'] = 1
  bufferedAmount = 0
  isPaused = false
  pings = 0
  closed: number | null = null
  #sent: (() => void)[] = []

  send(bytes: Uint8Array, sent: () => void): void {
    this.bufferedAmount += bytes.length
    this.#sent.push(sent)
  }

  /** The other end reads all but so many bytes. */
  read(left: number): void {
    this.bufferedAmount = left
    for (const sent of this.#sent.splice(0)) sent()
  }

  ping(): void {
    this.pings++
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  close(code?: number): void {
    this.closed = code ?? null
    this.readyState = 2
  }

  terminate(): void {
    this.readyState = 3
    this.emit('close')
  }
}

const silent: Protocol = { receive() {}, end() {}, news() {}, accessChanged() {} }

function connect() {
  const socket = new StuckSocket()
  const connection = new Connection(socket, callerOf(visitor), () => NOW)
  connection.speak(silent, () => {})
  return { socket, connection }
}

/** A device that asks on and on and reads nothing: answers wait for it, so its questions wait, so it is not read from. */
function stuck() {
  const { socket, connection } = connect()
  connection.send(new Uint8Array(WRITE_PAUSE + 1))
  for (let i = 0; i < MAX_WAITING.frames; i++) connection.hold(1)
  expect(socket.isPaused).toBe(true)
  return { socket, connection }
}

describe('[N2] a slow reader', () => {
  test('that has read nothing from one ping to the next is gone, also while it is not read from', () => {
    const { socket, connection } = stuck()
    connection.ping()
    expect(socket.readyState).toBe(1)
    connection.ping()
    expect(socket.readyState).toBe(3)
  })

  test('that reads on, however slowly, stays', () => {
    const { socket, connection } = stuck()
    for (let round = 0; round < 4; round++) {
      connection.ping()
      // As much is sent as it has read: what waits for it never gets less.
      socket.read(WRITE_PAUSE)
      connection.send(new Uint8Array(1))
    }
    expect(socket.readyState).toBe(1)
  })

  test('that is only read from slowly is not asked to answer', () => {
    const { socket, connection } = connect()
    for (let i = 0; i < MAX_WAITING.frames; i++) connection.hold(1)
    for (let i = 0; i < 3; i++) connection.ping()
    expect([socket.readyState, socket.pings]).toEqual([1, 0])
  })

  test('for which too much waits is closed with 4503', () => {
    const { socket, connection } = connect()
    connection.send(new Uint8Array(WRITE_LIMIT + 1))
    expect(socket.closed).toBe(CloseCode.TryAgain)
  })

  test('is waited for, and whoever waits goes on when it has read', async () => {
    const { socket, connection } = connect()
    connection.send(new Uint8Array(WRITE_PAUSE + 1))
    let written = false
    const waiting = connection.writable().then(() => (written = true))
    await Promise.resolve()
    expect(written).toBe(false)
    socket.read(0)
    await waiting
    expect(written).toBe(true)
  })
})

test('[N2] whoever never answers a ping is gone', () => {
  const { socket, connection } = connect()
  connection.ping()
  socket.emit('pong')
  connection.ping()
  expect(socket.readyState).toBe(1)
  connection.ping()
  expect(socket.readyState).toBe(3)
})
