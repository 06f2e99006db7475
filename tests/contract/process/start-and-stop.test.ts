import { once } from 'node:events'
import { existsSync, watch, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { WidgetSession } from '#server/http/widget-api.ts'
import { createDevice } from '#sync/device.ts'
import type { SocketConstructor } from '#sync/environment.ts'
import { body } from '../../support/conversations.ts'
import { Scene } from './parley.ts'

const scene = new Scene()
afterEach(() => scene.end())

const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

describe('starting', () => {
  test('the demo says where everything is, and all loopback names answer', async () => {
    const parley = scene.start({ PORT: '0', DATA_DIR: scene.folder() })
    const port = await parley.port()
    expect(parley.output).toContain(`http://127.0.0.1:${port}/inbox`)
    expect(parley.output).toContain(`http://localhost:${port}/demo`)
    expect(parley.output).toContain(`http://127.0.0.1:${port}/mail`)
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect((await fetch(`http://${host}:${port}/readyz`)).status, host).toBe(200)
    }
    const workspace = (await (await fetch(`http://127.0.0.1:${port}/api/workspace`)).json()) as { demo: boolean }
    expect(workspace.demo).toBe(true)
  })

  test.each(['127.0.0.1', '::1'])(
    'a port that is taken on %s is a clear error, before any data is touched',
    async (host) => {
      const port = await scene.occupy(host)
      const data = join(scene.folder(), 'data')
      const parley = scene.start({ PORT: String(port), DATA_DIR: data })
      expect(await parley.exited).toBe(1)
      expect(parley.output).toContain(`Port ${port} on ${host} is taken`)
      expect(parley.output).toContain(`PORT=${port + 1}`)
      expect(parley.output.trim().split('\n')).toHaveLength(1)
      expect(existsSync(data)).toBe(false)
    },
  )

  test('a wrong configuration is told as a whole', async () => {
    const parley = scene.start({
      PORT: 'many',
      LOG_LEVEL: 'loud',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgres://u:hunter2@db/x',
    })
    expect(await parley.exited).toBe(1)
    for (const name of ['PORT is "many"', 'LOG_LEVEL is "loud"', 'HOST is "0.0.0.0"', 'DATABASE_URL has a value']) {
      expect(parley.output).toContain(name)
    }
    expect(parley.output).not.toContain('hunter2')
  })

  test('a data folder that cannot be made is named', async () => {
    const file = join(scene.folder(), 'file')
    writeFileSync(file, '')
    const parley = scene.start({ PORT: '0', DATA_DIR: file })
    expect(await parley.exited).toBe(1)
    expect(parley.output).toContain(`DATA_DIR is "${file}"`)
  })

  test('a file that is no database is refused in words, and left alone', async () => {
    const data = scene.folder()
    writeFileSync(join(data, 'parley.db'), 'this is no database, it is a letter to the reader. '.repeat(100))
    const parley = scene.start({ PORT: '0', DATA_DIR: data })
    expect(await parley.exited).toBe(1)
    expect(parley.output).toMatch(/^Parley cannot start\. /)
    expect(parley.output).not.toContain('    at ')
  })

  test('with ORIGIN the console shows a link, which makes one administrator and is gone after that', async () => {
    const data = scene.folder()
    const origin = 'http://chat.example.com'
    const env = { PORT: '0', HOST: '127.0.0.1', ORIGIN: origin, DATA_DIR: data, LOG_LEVEL: 'info' }
    const first = scene.start(env)
    const token = (await first.says(/http:\/\/chat\.example\.com\/setup\?token=([\w-]{43})\n/))[1]
    // The real thing does not say its local port; its log does.
    const local = `http://127.0.0.1:${(await first.says(/"port":(\d+)/))[1]}`
    const who = { token, name: 'Gil', email: 'gil@example.com', password: 'correct horse battery' }
    expect((await post(`${local}/api/setup`, who, { origin })).status).toBe(200)
    expect((await post(`${local}/api/setup`, { ...who, email: 'hal@example.com' }, { origin })).status).toBe(403)
    const password = { email: 'gil@example.com', password: 'correct horse battery' }
    expect((await post(`${local}/api/sign-in`, password, { origin })).status).toBe(200)
    // The log has seen it all, and holds none of it.
    await first.says(/sign-in/)
    const log = first.output.split('\n').filter((line) => line.startsWith('{'))
    expect(log.length).toBeGreaterThan(2)
    for (const secret of [String(token), 'correct horse', 'gil@example.com'])
      expect(log.join('\n')).not.toContain(secret)
    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)

    const second = scene.start(env)
    await second.says(/running/)
    expect(second.output).not.toContain('/setup?token')
  })
})

describe('stopping', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s tells sockets to come again, ends well, and what was said is still there',
    async (signal) => {
      const env = { PORT: '0', DATA_DIR: scene.folder() }
      const parley = scene.start(env)
      const port = await parley.port()
      const asked = await post(`http://127.0.0.1:${port}/api/widget/session`, { inbox: 'demo' })
      const { token, visitor } = (await asked.json()) as WidgetSession
      const socket = new WebSocket(`ws://127.0.0.1:${port}/sync`, ['parley', `token.${token}`])
      await new Promise((resolve) => socket.once('open', resolve))
      expect(socket.protocol).toBe('parley')
      const closed = new Promise<number>((resolve) => socket.once('close', resolve))
      // A connection that is kept alive without a request must not hold the process.
      const idle = connect(port, '127.0.0.1')
      await new Promise((resolve) => idle.once('connect', resolve))
      idle.on('error', () => {})

      parley.child.kill(signal)
      expect(await closed).toBe(4503)
      expect(await parley.exited).toBe(0)
      expect(parley.output).not.toContain('failed')

      const again = scene.start(env)
      const back = await post(`http://127.0.0.1:${await again.port()}/api/widget/session`, { inbox: 'demo', token })
      expect(((await back.json()) as WidgetSession).visitor).toEqual(visitor)
    },
  )

  test('killed in the middle of its first start, the demo is whole on the next', async () => {
    const data = scene.folder()
    const touched = once(watch(data), 'change')
    const first = scene.start({ PORT: '0', DATA_DIR: data })
    // It listens before it has data; now it writes the samples, whose file gets its name when it is whole.
    await touched
    first.child.kill('SIGKILL')
    await first.exited
    const second = scene.start({ PORT: '0', DATA_DIR: data })
    const url = `http://127.0.0.1:${await second.port()}`
    expect((await post(`${url}/api/demo/session`, { agent: 'ada' })).status).toBe(200)
  })
})

describe('sockets', () => {
  test('an upgrade on any other path ends, and the server goes on', async () => {
    const parley = scene.start({ PORT: '0', DATA_DIR: scene.folder() })
    const port = await parley.port()
    for (const path of ['/', '/api/session', '/synchronise']) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`)
      const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
      expect(error.message, path).toContain('404')
    }
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  })

  test('the metrics count them, and what is stored', async () => {
    const parley = scene.start({ PORT: '0', DATA_DIR: scene.folder() })
    const site = `127.0.0.1:${await parley.port()}`
    const asked = await post(`http://${site}/api/widget/session`, { inbox: 'demo' })
    const { token, visitor } = (await asked.json()) as WidgetSession
    const device = await createDevice({
      principal: `visitor:${visitor.id}`,
      url: `ws://${site}`,
      inbox: 'demo',
      token,
      environment: { WebSocket: WebSocket as unknown as SocketConstructor, indexedDB: null },
    })
    const { write } = device.open('01HV0TEST00000000000000001')
    await write.open({ inbox: 'demo', page: { url: 'https://example.com/', title: '', referrer: '' }, locale: 'en' })
    await write.message(body('Hello'))
    await expect.poll(() => device.connection.waiting).toBe(0)
    const metrics = await (await fetch(`http://${site}/metrics`)).text()
    expect(metrics).toContain('parley_sockets 1')
    expect(metrics).toContain('parley_entries_stored_total 2')
    await device.close()
  })
})
