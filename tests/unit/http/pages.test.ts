import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFiles } from '#server/http/files.ts'
import { ORIGIN, startHttp, type HttpWorld } from './support.ts'

const SHELL = '<!doctype html><title>App</title><script>start()</script><script src="/a.js"></script>'
const BIG = 'x'.repeat(5000)
const MAIL = [
  'From: Lumen & Oak <support@example.com>',
  'To: robin@example.com',
  'Subject: Your chat <b>with</b> us',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary=x',
  '',
  '--x',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Robin: do you repair <lamps>?',
  '--x',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Robin: do you repair lamps?</p><script>alert(1)</script>',
  '--x--',
  '',
].join('\r\n')

let folder: string
let world: HttpWorld
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-http-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write('secret.txt', 'secret')
  write('app/200.html', SHELL)
  write('app/_app/immutable/start.abc123.js', `// ${BIG}`)
  write('app/favicon.svg', '<svg/>')
  write('widget/widget.js', '/* loader */')
  write('widget/index.html', '<!doctype html><title>Chat</title>')
  write('widget/assets/index-abc.js', '/* chat */')
  write('site/index.html', '<!doctype html><title>Shop</title>')
  write('site/site.css', 'body{}')
  write('mail/2026-01-01-one.eml', MAIL)
  world = await startHttp(
    {},
    {
      files: {
        app: createFiles(join(folder, 'app')),
        widget: createFiles(join(folder, 'widget')),
        site: createFiles(join(folder, 'site')),
      },
      mailFolder: join(folder, 'mail'),
    },
  )
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const policyOf = (response: Response) => response.headers.get('content-security-policy') ?? ''

/** Asks for a path exactly as it is written; fetch would tidy it up. */
function askRaw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: world.port, path, headers }, (answer) => {
      let body = ''
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    asking.on('error', reject)
    asking.end()
  })
}

describe('the inbox app', () => {
  test('/ leads to the inbox, and every route of the app is its one page', async () => {
    const root = await world.ask('/')
    expect([root.status, root.headers.get('location')]).toEqual([302, '/inbox'])
    for (const path of ['/inbox', '/inbox/01J000', '/sign-in', '/settings/team', '/setup']) {
      const response = await world.ask(path)
      expect([response.status, await response.text()], path).toEqual([200, SHELL])
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
  })

  test('its page runs our scripts alone, names its inline script by hash, and is framed by the demo’s stage alone', async () => {
    const policy = policyOf(await world.ask('/inbox'))
    expect(policy).toContain("default-src 'none'")

    expect(policy).toContain("script-src 'self' 'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00=';")
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    // Outside the demo by nobody: stage.test.ts.
    expect(policy).toMatch(/frame-ancestors 'self'$/)
  })

  test('hashed files are kept for ever, others are asked about', async () => {
    const hashed = await world.ask('/_app/immutable/start.abc123.js')
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(hashed.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    const icon = await world.ask('/favicon.svg')
    expect(icon.headers.get('cache-control')).toBe('no-cache')
    const etag = icon.headers.get('etag') ?? ''
    const again = await world.ask('/favicon.svg', { headers: { 'if-none-match': `"other", ${etag}` } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  test('a large text is compressed for those who take it', async () => {
    const path = '/_app/immutable/start.abc123.js'
    const plain = await askRaw(path)
    const small = await askRaw(path, { 'accept-encoding': 'gzip' })
    expect(plain.body).toBe(`// ${BIG}`)
    expect(small.body.length).toBeLessThan(200)
    expect(await (await world.ask(path)).text()).toBe(plain.body)
  })

  test('a missing file is missing: no page in its place', async () => {
    for (const path of ['/_app/immutable/gone.js', '/nothing.png', '/200.html.bak']) {
      expect((await world.ask(path)).status, path).toBe(404)
    }
  })

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/_app/../../secret.txt',
    '/widget/../../secret.txt',
    '/widget/..%2f..%2fsecret.txt',
    '/demo/..%2f..%2fsecret.txt',
    '/mail/..%2f..%2fsecret/raw',
    '/mail/..%2fmail%2f2026-01-01-one/raw',
  ])('%s leads nowhere', async (path) => {
    const { body } = await askRaw(path)
    expect(body).not.toBe('secret')
    expect(body).not.toContain('Subject:')
  })

  test('what is built after the start is found', async () => {
    const files = createFiles(join(folder, 'later'))
    expect(await files.get('a.txt')).toBeNull()
    mkdirSync(join(folder, 'later'))
    writeFileSync(join(folder, 'later/a.txt'), 'now')
    expect((await files.get('a.txt'))?.body.toString()).toBe('now')
  })

  test('says so if it is not built', async () => {
    const bare = await startHttp()
    const response = await bare.ask('/inbox')
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('npm start')])
    expect((await bare.ask('/widget.js')).status).toBe(503)
    await bare.close()
  })
})

describe('headers of every answer', () => {
  test.each(['/inbox', '/api/workspace', '/api/nothing', '/mail', '/widget.js', '/nothing.png', '/healthz'])(
    '%s',
    async (path) => {
      const { headers } = await world.ask(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
      expect(headers.get('content-security-policy')).toContain('frame-ancestors')
      expect(headers.get('strict-transport-security')).toBeNull()
    },
  )

  test('with an https ORIGIN, browsers are told to stay with https', async () => {
    const real = await startHttp({ ORIGIN })
    expect((await real.ask('/healthz')).headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/)
    await real.close()
  })

  test('the demo answers to no other name that resolves to this machine', async () => {
    for (const path of ['/api/workspace', '/mail', '/inbox', '/metrics']) {
      expect((await askRaw(path, { host: `evil.example.com:${world.port}` })).status, path).toBe(403)
    }
    expect((await askRaw('/api/workspace', { host: 'localhost:8123' })).status).toBe(200)
  })
})

describe('the widget', () => {
  test('its loader can be loaded by any page, and is new soon', async () => {
    const response = await world.ask('/widget.js', { origin: 'https://anywhere.example.com' })
    expect(await response.text()).toBe('/* loader */')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(response.headers.get('etag')).toMatch(/^"/)
  })

  test('its page is framed by the inbox’s origins alone', async () => {
    for (const path of ['/widget?inbox=demo', '/widget/?inbox=demo']) {
      const response = await world.ask(path)
      expect(response.status).toBe(200)
      expect(policyOf(response)).toMatch(/frame-ancestors http:\/\/localhost:\* http:\/\/127\.0\.0\.1:\*$/)
      expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    }
  })

  test.each(['/widget', '/widget?inbox=', '/widget?inbox=nope', '/widget?inbox=__proto__'])(
    '%s is no inbox',
    async (path) => {
      const response = await world.ask(path)
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
      expect(policyOf(response)).toContain("frame-ancestors 'none'")
    },
  )

  test('its files are there, its page under no other name', async () => {
    expect((await world.ask('/widget/assets/index-abc.js')).headers.get('cache-control')).toContain('immutable')
    expect((await world.ask('/widget/index.html')).status).toBe(404)
    expect((await world.ask('/widget/nothing')).status).toBe(404)
  })
})

describe('the demo’s pages', () => {
  test('the sample website and its files', async () => {
    expect((await world.ask('/demo')).headers.get('location')).toBe('/demo/')
    expect(await (await world.ask('/demo/')).text()).toContain('Shop')
    expect((await world.ask('/demo/site.css')).headers.get('content-type')).toMatch(/^text\/css/)
    expect((await world.ask('/demo/nothing')).status).toBe(404)
  })

  test('a written mail is listed, can be read, and taken away as it is', async () => {
    const page = await (await world.ask('/mail')).text()
    expect(page).toContain('robin@example.com')
    expect(page).toContain('Your chat &lt;b&gt;with&lt;/b&gt; us')
    expect(page).toMatch(/<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/)
    const { mails } = (await (await world.ask('/api/mail')).json()) as { mails: { id: string; raw: string }[] }
    expect(mails).toMatchObject([
      { id: '2026-01-01-one', to: 'robin@example.com', subject: 'Your chat <b>with</b> us' },
    ])
    const raw = await world.ask(mails[0]?.raw ?? '')
    expect([raw.headers.get('content-type'), await raw.text()]).toEqual(['message/rfc822', MAIL])
    expect((await world.ask('/mail/other')).status).toBe(404)
    expect((await world.ask('/mail/other/body')).status).toBe(404)
  })

  test('a mail’s own HTML has no rights, however it is opened', async () => {
    const body = await world.ask('/mail/2026-01-01-one/body')
    expect(await body.text()).toContain('<p>Robin: do you repair lamps?</p>')
    expect(policyOf(body)).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/)
    expect(policyOf(body)).not.toContain('script')
    const text = await world.ask('/mail/2026-01-01-one/body?part=text')
    expect(await text.text()).toContain('do you repair &lt;lamps&gt;?')
  })

  test('without mails the page says what to do', async () => {
    const bare = await startHttp({}, { mailFolder: join(folder, 'not-yet') })
    expect(await (await bare.ask('/mail')).text()).toContain('Nothing has been sent yet')
    expect(await (await bare.ask('/api/mail')).json()).toEqual({ mails: [] })
    await bare.close()
  })
})

describe('for whoever runs it', () => {
  test('healthz and readyz; not ready while stopping', async () => {
    expect((await world.ask('/healthz')).status).toBe(200)
    expect((await world.ask('/readyz')).status).toBe(200)
    const stopping = await startHttp({}, { draining: () => true })
    expect((await stopping.ask('/readyz')).status).toBe(503)
    expect((await stopping.ask('/healthz')).status).toBe(200)
    await stopping.close()
  })

  test('not ready if the store fails', async () => {
    const broken = await startHttp()
    await broken.parts.store.close()
    expect((await broken.ask('/readyz')).status).toBe(503)
    await broken.close().catch(() => {})
  })

  test('metrics are for this machine, not for what a proxy on it passes on', async () => {
    const response = await world.ask('/metrics')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await response.text()).toContain('parley_sockets 0')
    for (const headers of [{ 'x-forwarded-for': '192.0.2.1' }, { forwarded: 'for=192.0.2.1' }, { via: '1.1 proxy' }]) {
      expect((await world.ask('/metrics', { headers })).status).toBe(404)
    }
  })
})
