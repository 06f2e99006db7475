import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createSeats } from '#server/demo/seats.ts'
import { isServerPath } from '#server/http/app.ts'
import { createFiles } from '#server/http/files.ts'
import { codeOf, cookieOf, ORIGIN, startHttp, type HttpWorld } from './support.ts'

const SHELL = '<!doctype html><title>App</title>'

let folder: string
let world: HttpWorld
let real: HttpWorld
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-stage-'))
  mkdirSync(join(folder, 'app'))
  mkdirSync(join(folder, 'site'))
  writeFileSync(join(folder, 'app/200.html'), SHELL)
  writeFileSync(join(folder, 'site/index.html'), '<!doctype html><title>Shop</title>')
  const app = createFiles(join(folder, 'app'))
  const none = createFiles('/nowhere')
  world = await startHttp({}, { files: { app, widget: none, site: createFiles(join(folder, 'site')) } })
  real = await startHttp({ ORIGIN }, { files: { app, widget: none, site: null } })
})
afterAll(async () => {
  await Promise.all([world.close(), real.close()])
  rmSync(folder, { recursive: true })
})

const policyOf = (response: Response) => response.headers.get('content-security-policy') ?? ''

/** Signs an agent in at a seat; returns the cookie. */
async function sitDown(seat: string): Promise<string> {
  const path = `/demo/seat/${seat}/api/demo/session`
  const response = await world.ask(path, { body: { agent: seat }, origin: world.url })
  expect(response.status).toBe(200)
  return cookieOf(response)
}

const nameAt = async (path: string, cookie: string) => {
  const response = await world.ask(path, { cookie })
  return response.ok ? ((await response.json()) as { name: string }).name : response.status
}

const plug = (seat: string, plugged: boolean) =>
  world.ask('/api/demo/line', { body: { seat, plugged }, origin: world.url })

describe('the demo’s stage', () => {
  test('is a page of the app, and only pages of this server show the app in a frame', async () => {
    const stage = await world.ask('/demo/stage')
    expect([stage.status, await stage.text()]).toEqual([200, SHELL])
    expect(policyOf(stage)).toContain("frame-ancestors 'none'")
    expect(policyOf(await world.ask('/inbox'))).toMatch(/frame-ancestors 'self'$/)
    expect(policyOf(await world.ask('/demo/'))).toContain("frame-ancestors 'self'")
  })

  test('in development it is Vite’s, as all pages of the app are', () => {
    expect(['/demo/stage', '/demo/stage?a', '/demo/', '/demo/seat/ada/api/session'].map(isServerPath)).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  test('each seat has a session of its own, beside the browser’s', async () => {
    const [ada, bo] = [await sitDown('ada'), await sitDown('bo')]
    expect([ada, bo].map((cookie) => cookie.split('=')[0])).toEqual(['parley_ada', 'parley_bo'])
    const plain = cookieOf(await world.ask('/api/demo/session', { body: { agent: 'cy' }, origin: world.url }))
    const all = [ada, plain, bo].join('; ')
    expect(await nameAt('/demo/seat/ada/api/session', all)).toBe('Ada Brandt')
    expect(await nameAt('/demo/seat/bo/api/session', all)).toBe('Bo Eriksen')
    expect(await nameAt('/api/session', all)).toBe('Cy Moreau')
    expect(await nameAt('/api/session', `${ada}; ${bo}`)).toBe(401)
    expect(await nameAt('/demo/seat/ada/api/session', `${plain}; ${bo}`)).toBe(401)
  })

  test('who signs out at a seat leaves the others where they are', async () => {
    const all = [await sitDown('ada'), await sitDown('bo')].join('; ')
    const out = await world.ask('/demo/seat/ada/api/sign-out', { method: 'POST', cookie: all, origin: world.url })
    expect([out.status, cookieOf(out)]).toEqual([204, 'parley_ada='])
    expect(await nameAt('/demo/seat/ada/api/session', all)).toBe(401)
    expect(await nameAt('/demo/seat/bo/api/session', all)).toBe('Bo Eriksen')
  })

  test('a seat changes nothing of what must come from a page of this server', async () => {
    const calls = {
      '/demo/seat/ada/api/demo/session': { agent: 'ada' },
      '/api/demo/line': { seat: 'ada', plugged: false },
    }
    for (const [path, asked] of Object.entries(calls)) {
      const response = await world.ask(path, { body: asked, origin: 'https://elsewhere.example.com' })
      expect(await codeOf(response), path).toBe('foreign-origin')
    }
  })

  test('a seat has the API and the socket, and nothing else; nobody else has a seat', async () => {
    for (const path of ['/demo/seat/ada/inbox', '/demo/seat/ada', '/demo/seat/cy/api/session', '/demo/seat/../api/x']) {
      expect((await world.ask(path)).status, path).toBe(404)
    }
  })

  test('a line that is unplugged gets no answer at all, until it is plugged in; the others go on', async () => {
    const all = [await sitDown('ada'), await sitDown('bo')].join('; ')
    expect(await (await plug('ada', false)).json()).toEqual({ visitor: true, ada: false, bo: true })
    await expect(world.ask('/demo/seat/ada/api/session', { cookie: all })).rejects.toThrow('fetch failed')
    expect(await nameAt('/demo/seat/bo/api/session', all)).toBe('Bo Eriksen')
    expect(await (await world.ask('/api/demo/lines')).json()).toMatchObject({ ada: false })
    await plug('ada', true)
    expect(await nameAt('/demo/seat/ada/api/session', all)).toBe('Ada Brandt')
  })

  test('the switch takes a seat and a yes or no', async () => {
    for (const asked of [{ seat: 'cy', plugged: true }, { seat: 'ada' }, { seat: 'ada', plugged: 'no' }]) {
      expect((await world.ask('/api/demo/line', { body: asked, origin: world.url })).status).toBe(400)
    }
  })
})

describe('outside the demo', () => {
  test('there is no stage, no seat and no line, whatever is asked', async () => {
    const { ask } = real
    expect((await ask('/demo/stage')).status).toBe(404)
    expect((await ask('/demo/seat/ada/api/session')).status).toBe(404)
    expect((await ask('/demo/seat/ada/api/demo/session', { body: { agent: 'ada' }, origin: ORIGIN })).status).toBe(404)
    expect((await ask('/api/demo/lines')).status).toBe(404)
    for (const asked of [{ seat: 'ada', plugged: false }, {}]) {
      expect((await ask('/api/demo/line', { body: asked, origin: ORIGIN })).status).toBe(404)
    }
  })

  test('nobody frames the app', async () => {
    expect(policyOf(await real.ask('/inbox'))).toContain("frame-ancestors 'none'")
  })
})

describe('a seat’s line', () => {
  /** A server that answers when it is told to, with a socket beside it. */
  async function start() {
    const seats = createSeats('parley')
    const sockets = new WebSocketServer({ noServer: true })
    const heard: { url: string | undefined; cookie: string | undefined }[] = []
    let answer = (): void => {}
    const asked = Promise.withResolvers<void>()
    const server: Server = createServer(
      seats.answering(({ url, headers }, response) => {
        heard.push({ url, cookie: headers.cookie })
        answer = () => response.end('done')
        asked.resolve()
      }),
    )
    const upgrade = seats.upgrading((incoming, socket, head) => {
      heard.push({ url: incoming.url, cookie: incoming.headers.cookie })
      sockets.handleUpgrade(incoming, socket, head, () => {})
      return true
    })
    server.on('upgrade', (incoming, socket, head) => upgrade(incoming, socket, head))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const open = (path: string) =>
      new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { cookie: 'parley_bo=b' } })
    const close = () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
    }
    return { seats, port, heard, asked: asked.promise, answer: () => answer(), open, close }
  }

  const ended = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve))
  const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve))

  test('breaks its sockets at once, and lets no new one through; others’ stay open', async () => {
    const { seats, heard, open, close } = await start()
    const [ada, bo] = [open('/demo/seat/ada/sync'), open('/demo/seat/bo/sync?x')]
    await Promise.all([opened(ada), opened(bo)])
    expect(heard).toEqual(
      expect.arrayContaining([
        { url: '/sync', cookie: undefined },
        { url: '/sync?x', cookie: 'parley=b' },
      ]),
    )
    const cut = ended(ada)
    seats.plug('ada', false)
    expect(await cut).toBe(1006)
    const again = open('/demo/seat/ada/sync')
    again.on('error', () => {})
    expect(await ended(again)).toBe(1006)
    expect(bo.readyState).toBe(WebSocket.OPEN)
    expect(heard).toHaveLength(2)
    seats.plug('ada', true)
    await opened(open('/demo/seat/ada/sync'))
    close()
  })

  test('breaks a request that waits for its answer', async () => {
    const { seats, port, asked, close } = await start()
    const failed = new Promise<Error>((resolve) => {
      request({ host: '127.0.0.1', port, path: '/demo/seat/ada/api/session' }).once('error', resolve).end()
    })
    await asked
    seats.plug('ada', false)
    expect((await failed).message).toMatch(/hang up|reset/)
    close()
  })
})
