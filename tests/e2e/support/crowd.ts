// `node tests/e2e/support/crowd.ts <database> <conversations> <entries> <unread>`: fills the demo workspace of a server
// that does not run, through the store: many short conversations, and one long one whose last messages are unread.
import { bodyFromText, type Body } from '#conversation/body.ts'
import { canonicalText } from '#conversation/canonical.ts'
import type { Entry } from '#conversation/entries.ts'
import { createUlid, type Principal } from '#conversation/ids.ts'
import type { Append, Asker } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import { webcrypto } from 'node:crypto'

const MINUTE = 60_000
const AT_A_TIME = 500
const [path = '', conversations, entries, unread] = process.argv.slice(2)
const counts = { conversations: Number(conversations), entries: Number(entries), unread: Number(unread) }

const store = openSqliteStore({ path })
const now = Date.now()
const random = <Bytes extends Uint8Array<ArrayBuffer>>(bytes: Bytes) => webcrypto.getRandomValues(bytes)
const ulid = (at: number) => createUlid({ now: () => at, random })
const ada = (await store.agents()).find(({ name }) => name.startsWith('Ada'))
if (ada === undefined) throw new Error('Ada is not there.')
const agent: Principal = `agent:${ada.id}`
const inbox = 'demo'
let clients = 0x8000_0000

function said(text: string): Body {
  const body = bodyFromText(text)
  if (body === null) throw new Error('nothing is said')
  return body
}

/** Somebody in one conversation: what they write goes on under one Yjs client. */
function writer(conversation: string, by: Principal, asker: Asker) {
  const client = clients++
  let clock = 0
  return (written: Entry[], at: number): Append => ({
    room: { kind: 'thread', conversation },
    principal: by,
    asker,
    entries: written.map((entry) => ({ client, clock: clock++, id: ulid(at), text: canonicalText(entry), entry })),
  })
}

async function newVisitor(at: number): Promise<Principal> {
  const id = ulid(at)
  await store.createVisitor({ id, inbox, tokenHash: webcrypto.randomUUID(), createdAt: at })
  return `visitor:${id}`
}

function opened(by: Principal, name: string, at: number): Entry[] {
  const page = { url: 'https://shop.example/', title: 'Shop', referrer: '' }
  return [
    { kind: 'opened', by, at, inbox, page, locale: 'en' },
    { kind: 'identified', by, at, name },
  ]
}

const message = (by: Principal, at: number, text: string): Entry => ({
  kind: 'message',
  by,
  at,
  channel: 'chat',
  body: said(text),
})

async function append(batch: Append[], at: number): Promise<void> {
  const { results } = await store.append(batch, at)
  const refused = results.find(({ status }) => status !== 'stored')
  if (refused !== undefined) throw new Error(`not stored: ${JSON.stringify(refused)}`)
}

// Short ones, from many people: older than what the demo has.
for (let done = 0; done < counts.conversations; done += AT_A_TIME) {
  const at = now - 3 * 24 * 60 * MINUTE
  const by = await newVisitor(at)
  const batch = Array.from({ length: Math.min(AT_A_TIME, counts.conversations - done) }, (_, index) => {
    const number = done + index + 1
    const write = writer(ulid(at), by, { role: 'visitor', inbox })
    return write([...opened(by, `Person ${number}`, at), message(by, at, `This is question ${number}.`)], at)
  })
  await append(batch, at)
}

// The long one: in turn, over the last days.
const conversation = ulid(now)
const visitor = await newVisitor(now)
const asks = writer(conversation, visitor, { role: 'visitor', inbox })
const answers = writer(conversation, agent, { role: 'agent', admin: true, inboxes: new Set([inbox]) })
const begin = now - counts.entries * MINUTE
await append([asks(opened(visitor, 'Very Long', begin), begin)], begin)
let read = ''
for (let done = 0; done < counts.entries; done += 4) {
  const at = begin + done * MINUTE
  const left = counts.entries - done
  const line = (by: Principal, place: number) =>
    message(by, at, `${'Words and more. '.repeat((done + place) % 9)}Line ${done + place}.`)
  // The last ones are all the visitor's, and nobody has seen them.
  if (left <= counts.unread) {
    await append([asks([line(visitor, 1), line(visitor, 2), line(visitor, 3), line(visitor, 4)], at)], at)
    continue
  }
  const answer = answers([line(agent, 3), line(agent, 4)], at)
  await append([asks([line(visitor, 1), line(visitor, 2)], at), answer], at)
  read = answer.entries.at(-1)?.id ?? read
}
await store.markSeen(agent, { kind: 'thread', conversation }, read)
await store.close()
