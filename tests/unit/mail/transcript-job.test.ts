import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Entry } from '#conversation/entries.ts'
import { idOf, type Principal } from '#conversation/ids.ts'
import { SERVER_CLIENT } from '#conversation/wire.ts'
import { PermanentFailure } from '#server/jobs/handler.ts'
import { startJobs } from '#server/jobs/runner.ts'
import { MailError, type Mail } from '#server/mail/mail.ts'
import { createTranscriptHandler, type TranscriptJobOptions } from '#server/mail/transcript-job.ts'
import type { Relay } from '#server/relay/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import type { Job, Store } from '#server/store/port.ts'
import {
  agent,
  agentDevice,
  begin,
  closed,
  comment,
  inbox,
  message,
  NOW,
  team,
  type Device,
} from '../../contract/store/world.ts'
import { ada, body, visitor } from '../../support/conversations.ts'

let store: Store
beforeEach(() => void (store = openSqliteStore({ path: ':memory:' })))
afterEach(() => store.close())

/** The relay's append, without the sockets. */
const append: Relay['append'] = async (room, principal, entries) => {
  const server = entries.map((entry) => ({ ...entry, client: SERVER_CLIENT, clock: null }))
  const update = { room, principal, asker: { role: 'server' } as const, entries: server }
  const [result] = (await store.append([update], NOW + 60_000)).results
  if (result === undefined) throw new Error('no result')
  return result
}

const identified = (by: Principal, email: string): Entry => ({ kind: 'identified', by, at: NOW, email })

/** A conversation in which Ada answered and closed; the job that this made. */
async function closedConversation(more: (device: Device) => Entry[] = () => [identified(visitor, 'vera@example.com')]) {
  await store.putInbox(inbox('demo'))
  await store.putAgent(agent(ada, { name: 'Ada Lovelace' }))
  const { room, device, message: first } = await begin(store)
  const colleague = agentDevice(ada)
  const answer = colleague.entry(message(ada, 'Hi there'))
  const said = more(device)
  const updates = [colleague.update(room, answer), ...(said.length === 0 ? [] : [device.says(room, ...said)])]
  await store.append([...updates, agentDevice(ada).says(team(room), comment(ada, 'a difficult one'))], NOW + 1000)
  const close = colleague.entry(closed(ada, first))
  await store.append([colleague.update(room, close)], NOW + 2000)
  const job = await store.leaseJob('test', NOW + 3000, 1000)
  if (job === null) throw new Error('no job was written')
  return { room, device, colleague, answer, close, job }
}

function handlerWith(send: (mail: Mail) => Promise<void>, change: Partial<TranscriptJobOptions> = {}) {
  const sent: Mail[] = []
  const mailer = {
    send: async (mail: Mail) => {
      await send(mail)
      sent.push(mail)
    },
  }
  const options = { store, mailer, append, mailFrom: 'Parley <parley@example.com>', mailDomain: 'mail.example.com' }
  return { sent, handle: createTranscriptHandler({ ...options, ...change }) }
}

const fine = async () => undefined
const run = (last = false) => ({ last, signal: new AbortController().signal })

/** The outcome as it stands in the thread. */
async function outcomeOf({ payload }: Job) {
  const rows = await store.entries({ kind: 'thread', conversation: payload.conversation }, 0)
  return rows.flatMap((row) => (row.id === payload.outcome ? [JSON.parse(row.text)] : []))
}

test('the transcript goes to the visitor, and the thread says so', async () => {
  const { job, close } = await closedConversation()
  const { sent, handle } = handlerWith(fine)
  await handle(job, run())
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({
    messageId: `<transcript.${close.id}@mail.example.com>`,
    from: 'Parley <parley@example.com>',
    replyTo: 'Parley <parley@example.com>',
    to: 'vera@example.com',
    subject: 'Your chat with The demo inbox on 9 Oct 2025',
  })
  expect(sent[0]?.text).toMatch(/08:53 {2}vera@example\.com\n {4}Hello\n\n08:53 {2}Ada Lovelace\n {4}Hi there\n/)
  expect(sent[0]?.html).toContain('Hi there')
  expect(await outcomeOf(job)).toEqual([
    { kind: 'transcript', by: 'system', at: NOW + 2000, close: close.id, to: 'vera@example.com', status: 'sent' },
  ])
})

test('[A3] the team ledger is never read', async () => {
  const { job } = await closedConversation()
  const read: string[] = []
  const watched: TranscriptJobOptions['store'] = {
    entries: (room, from) => {
      read.push(room.kind)
      return store.entries(room, from)
    },
    inbox: (id) => store.inbox(id),
    agent: (id) => store.agent(id),
  }
  const { sent, handle } = handlerWith(fine, { store: watched })
  await handle(job, run())
  expect(new Set(read)).toEqual(new Set(['thread']))
  expect(`${sent[0]?.text}${sent[0]?.html}`).not.toContain('a difficult one')
})

test("an inbox's own address is used, with the inbox's name", async () => {
  const { job } = await closedConversation()
  await store.putInbox(inbox('demo', { name: 'Plants', fromAddress: 'plants@example.com' }))
  const { sent, handle } = handlerWith(fine)
  await handle(job, run())
  const address = { name: 'Plants', address: 'plants@example.com' }
  expect(sent[0]).toMatchObject({ from: address, replyTo: address })
})

test('what is stamped after the close is not in it, but a later address is used', async () => {
  const { job, room, colleague, answer, device } = await closedConversation()
  const change: Entry = { kind: 'edited', by: ada, at: NOW, entry: answer.id, body: body('Changed afterwards') }
  await store.append(
    [
      colleague.says(room, change, message(ada, 'One more thing')),
      device.says(room, identified(visitor, 'new@example.com')),
    ],
    NOW + 4000,
  )
  const { sent, handle } = handlerWith(fine)
  await handle(job, run())
  expect(sent[0]?.to).toBe('new@example.com')
  expect(sent[0]?.text).toContain('Hi there')
  expect(sent[0]?.text).not.toMatch(/Changed afterwards|One more thing|edited/)
})

test('an agent whose account is gone still has a name', async () => {
  const { job, room } = await closedConversation()
  const { sent, handle } = handlerWith(fine, {
    store: { entries: (r, f) => store.entries(r, f), inbox: (id) => store.inbox(id), agent: async () => null },
  })
  await handle(job, run())
  expect(sent[0]?.text).toContain('The team\n    Hi there')
  expect((await store.entries(room, 0)).some((row) => row.by === `agent:${idOf(ada)}`)).toBe(true)
})

test('without an address nothing is mailed, and the thread says so', async () => {
  const { job, close } = await closedConversation(() => [])
  const { sent, handle } = handlerWith(fine)
  await handle(job, run())
  expect(sent).toEqual([])
  expect(await outcomeOf(job)).toMatchObject([{ close: close.id, to: null, status: 'no-address' }])
})

test('a refusal for good is told in the thread, with the reason, and is a dead letter', async () => {
  const { job } = await closedConversation()
  const { handle } = handlerWith(async () => {
    throw new MailError('550 No such\r\nuser', true, null)
  })
  await expect(handle(job, run())).rejects.toThrow(PermanentFailure)
  expect(await outcomeOf(job)).toMatchObject([{ to: 'vera@example.com', status: 'failed', error: '550 No such user' }])
})

test('a failure that may pass is told only when no attempt is left', async () => {
  const { job } = await closedConversation()
  const { handle } = handlerWith(async () => {
    throw new MailError('451 Later', false, null)
  })
  await expect(handle(job, run())).rejects.toThrow('451 Later')
  expect(await outcomeOf(job)).toEqual([])
  await expect(handle(job, run(true))).rejects.toThrow(PermanentFailure)
  expect(await outcomeOf(job)).toMatchObject([{ status: 'failed', error: '451 Later' }])
})

test('done again, by whomever, it mails nothing and changes nothing', async () => {
  const { job, room } = await closedConversation()
  await handlerWith(fine).handle(job, run())
  const before = await store.entries(room, 0)
  const again = handlerWith(fine)
  await again.handle(job, run())
  expect(again.sent).toEqual([])
  expect(await store.entries(room, 0)).toEqual(before)
})

test('if the outcome cannot be stored, the same process does not mail again, and says where it went', async () => {
  const { job, room, device } = await closedConversation()
  let failing = true
  const { sent, handle } = handlerWith(fine, {
    append: (...given) => (failing ? Promise.reject(new Error('the disk is full')) : append(...given)),
  })
  await expect(handle(job, run())).rejects.toThrow('the disk is full')
  failing = false
  await store.append([device.says(room, identified(visitor, 'too-late@example.com'))], NOW + 4000)
  await handle(job, run())
  expect(sent).toHaveLength(1)
  expect(await outcomeOf(job)).toMatchObject([{ to: 'vera@example.com', status: 'sent' }])
})

test('a process that dies at any step loses nothing: one outcome, one Message-ID, the job done', async () => {
  // Steps: 0 before sending, 1 after it, 2 after the outcome was stored (before the job was finished).
  for (const dies of [0, 1, 2]) {
    store = openSqliteStore({ path: ':memory:' })
    const { job, close, room } = await closedConversation()
    const ids: string[] = []
    const process = (crashAt: number) =>
      handlerWith(
        async ({ messageId }) => {
          if (crashAt === 0) throw new Error('died')
          ids.push(messageId)
          if (crashAt === 1) throw new Error('died')
        },
        {
          append: async (...given) => {
            const result = await append(...given)
            if (crashAt === 2) throw new Error('died')
            return result
          },
        },
      ).handle
    await expect(process(dies)(job, run())).rejects.toThrow('died')

    // The next process: the lease has ended, and its runner takes the job.
    const stop = new AbortController()
    const done = new Promise<void>((resolve) => {
      const jobs = startJobs({
        store: { ...store, finishJob: (key, owner) => store.finishJob(key, owner).finally(() => stop.abort()) },
        handlers: { transcript: process(-1) },
        now: () => NOW + 10_000,
        log: { warn: () => undefined, error: () => undefined },
        signal: stop.signal,
        owner: 'next',
        settings: { workers: 1 },
      })
      void jobs.stopped.then(resolve)
    })
    await done
    expect(new Set(ids)).toEqual(new Set([`<transcript.${close.id}@mail.example.com>`]))
    expect(ids).toHaveLength(dies === 1 ? 2 : 1)
    expect((await store.entries(room, 0)).filter((row) => row.by === 'system')).toHaveLength(1)
    expect(await store.nextJobAt()).toBeNull()
  }
})
