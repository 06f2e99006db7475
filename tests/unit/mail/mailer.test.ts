import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MailError, type Mail, type Mailer } from '#server/mail/mail.ts'
import { createMailer } from '#server/mail/mailer.ts'

const NOW = 1_760_000_000_000

const mail: Mail = {
  messageId: '<transcript.01J00000000000000000000001@parley.example.com>',
  from: { name: 'Pflanzen & Töpfe', address: 'support@example.com' },
  replyTo: 'Support <reply@example.com>',
  to: 'vera@example.com',
  subject: 'Ihr Gespräch – 👋',
  html: '<p>Grüße &amp; bis bald</p>',
  text: 'Grüße & bis bald\n.\nfrom the next line on it goes on\n',
}

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A real mail server on loopback; gives its address and what it has taken. */
async function startSmtp(options: SMTPServerOptions = {}) {
  const taken: { mail: ParsedMail; from: string; to: string[] }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      simpleParser(stream).then((parsed) => {
        const { mailFrom, rcptTo } = session.envelope
        taken.push({
          mail: parsed,
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map((each) => each.address),
        })
        done()
      }, done)
    },
    ...options,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens nowhere')
  return { taken, port: address.port, url: `smtp://127.0.0.1:${address.port}` }
}

function mailerFor(smtpUrl: string | null, directory = '/nowhere', now: () => number = () => NOW): Mailer {
  const mailer = createMailer({ smtpUrl, directory, now })
  cleanups.push(() => mailer.close())
  return mailer
}

const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code })

/** The error that sending gave; fails the test if it gave none. */
async function failureOf(mailer: Mailer, signal?: AbortSignal): Promise<MailError> {
  const error: unknown = await mailer.send(mail, signal).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof MailError)) throw new Error(`expected a MailError, got ${String(error)}`)
  return error
}

test('over SMTP a mail arrives as it was written', async () => {
  const { url, taken } = await startSmtp()
  await mailerFor(url).send(mail)
  expect(taken).toHaveLength(1)
  const [arrived] = taken
  expect(arrived).toMatchObject({ from: 'support@example.com', to: ['vera@example.com'] })
  expect(arrived?.mail).toMatchObject({
    messageId: mail.messageId,
    subject: mail.subject,
    from: { value: [{ name: 'Pflanzen & Töpfe', address: 'support@example.com' }] },
    replyTo: { value: [{ name: 'Support', address: 'reply@example.com' }] },
    to: { value: [{ name: '', address: 'vera@example.com' }] },
  })
  expect(arrived?.mail.html).toBe(mail.html)
  expect(arrived?.mail.text).toBe(mail.text)
  expect(arrived?.mail.headers.get('auto-submitted')).toBe('auto-generated')
})

test('no field can add a header or a reader', async () => {
  const { url, taken } = await startSmtp()
  await mailerFor(url).send({
    ...mail,
    subject: 'Hello\r\nBcc: spy@example.com\r\n\r\nbody',
    from: { name: 'Shop"\r\nBcc: <spy@example.com>', address: 'support@example.com' },
  })
  expect(taken[0]?.to).toEqual(['vera@example.com'])
  expect(taken[0]?.mail.bcc).toBeUndefined()
  expect(taken[0]?.mail.headers.has('bcc')).toBe(false)
  expect(taken[0]?.mail.from?.value.map((each) => each.address)).toEqual(['support@example.com'])
  expect(taken[0]?.mail.subject).toContain('Hello')
  expect(taken[0]?.mail.html).toBe(mail.html)
})

test('an address is one reader, not a list', async () => {
  const { url, taken } = await startSmtp()
  await mailerFor(url)
    .send({ ...mail, to: 'vera@example.com, spy@example.com' })
    .catch(() => undefined)
  expect(taken.flatMap(({ to }) => to)).not.toContain('spy@example.com')
})

test('5xx on the reader or on the message is permanent, in the words of the mail server', async () => {
  const noUser = await startSmtp({ onRcptTo: (_, __, done) => done(refusal(550, 'No such user here')) })
  expect(await failureOf(mailerFor(noUser.url))).toMatchObject({
    permanent: true,
    message: expect.stringContaining('No such user here'),
  })
  const spam = await startSmtp({
    onData(stream, _, done) {
      stream.resume()
      stream.on('end', () => done(refusal(554, 'Looks like spam')))
    },
  })
  expect(await failureOf(mailerFor(spam.url))).toMatchObject({
    permanent: true,
    message: expect.stringContaining('Looks like spam'),
  })
})

test('4xx, a refused sign-in, and no server at all are not', async () => {
  const greylisted = await startSmtp({ onRcptTo: (_, __, done) => done(refusal(451, 'Come back later')) })
  expect(await failureOf(mailerFor(greylisted.url))).toMatchObject({ permanent: false })
  const locked = await startSmtp({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_, __, done) => done(refusal(535, 'Wrong password')),
  })
  const signIn = await failureOf(mailerFor(`smtp://user:secret@127.0.0.1:${locked.port}`))
  expect(signIn.permanent).toBe(false)
  expect(signIn.message).not.toContain('secret')
  const gone = await startSmtp()
  await cleanups.pop()?.()
  expect(await failureOf(mailerFor(gone.url))).toMatchObject({ permanent: false })
})

test('a signal ends the sending', async () => {
  const stop = new AbortController()
  const { url } = await startSmtp({ onRcptTo: () => stop.abort() })
  expect(await failureOf(mailerFor(url), stop.signal)).toMatchObject({ permanent: false })
})

// Without SMTP --------------------------------------------------------------------------------------------------------

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-mail-'))
  cleanups.push(() => rm(directory, { recursive: true, force: true }))
})

test('without SMTP a mail becomes an .eml file that parses to the same', async () => {
  const folder = join(directory, 'mail')
  await mailerFor(null, folder).send(mail)
  expect(await readdir(folder)).toEqual([
    '20251009T085320000Z-transcript.01J00000000000000000000001@parley.example.com.eml',
  ])
  const [name] = await readdir(folder)
  const bytes = await readFile(join(folder, name ?? ''))
  expect(bytes.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(await simpleParser(bytes)).toMatchObject({
    messageId: mail.messageId,
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    date: new Date(NOW),
  })
})

test('files sort by time; a mail sent again replaces its file and leaves nothing else behind', async () => {
  let now = NOW
  const mailer = mailerFor(null, directory, () => now)
  await mailer.send(mail)
  now += 60_000
  const other = { ...mail, messageId: '<transcript.01J00000000000000000000000@parley.example.com>', subject: 'Second' }
  await mailer.send(other)
  now += 60_000
  await mailer.send({ ...mail, subject: 'Again' })
  const names = (await readdir(directory)).sort()
  const subjects = await Promise.all(
    names.map(async (name) => (await simpleParser(await readFile(join(directory, name)))).subject),
  )
  expect(subjects).toEqual(['Again', 'Second'])
})

test('a Message-ID never becomes a path', async () => {
  await mailerFor(null, directory).send({ ...mail, messageId: '<../../evil/../x@example.com>' })
  expect(await readdir(directory)).toEqual(['20251009T085320000Z-..%2F..%2Fevil%2F..%2Fx@example.com.eml'])
})

test('a folder that cannot be written to is an error that may pass', async () => {
  await mailerFor(null, directory).send(mail)
  const [name] = await readdir(directory)
  expect(await failureOf(mailerFor(null, join(directory, name ?? '')))).toMatchObject({ permanent: false })
})
