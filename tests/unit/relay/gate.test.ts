import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { canonicalText } from '#conversation/canonical.ts'
import { CloseCode, EPOCH_CLIENT } from '#conversation/wire.ts'
import { step1, update } from '#server/relay/message.ts'
import { recogniseUpdate, recogniseVector } from '#server/relay/recognise.ts'
import {
  all,
  any,
  block,
  byte,
  bytesOf,
  deep,
  entry,
  firstStamps,
  hugeUint,
  nextStamps,
  raw,
  text,
  uint,
  updateOf,
} from './bytes.ts'
import {
  ada,
  begun,
  bo,
  join,
  message,
  newId,
  NOW,
  openedBy,
  stranger,
  thread,
  until,
  useWorld,
  visitor,
} from './support.ts'

const world = useWorld()

const id = newId()
const hello = canonicalText(message(visitor, 'Hello again'))
const CLIENT = 4711

/** Bytes that are no update of a ledger, whoever sends them. */
const malformed: Record<string, Uint8Array> = {
  'nothing at all': new Uint8Array(),
  'an entry in another root': updateOf([block(CLIENT, 0, entry(id, hello, 'stamps'))]),
  'a parent known only by its id': updateOf([
    block(CLIENT, 0, all(byte(0x28), uint(0), uint(1), uint(0), text(id), uint(1), any(hello))),
  ]),
  'a parent known only through an origin': updateOf([
    block(CLIENT, 1, all(byte(0xa8), uint(CLIENT), uint(0), uint(1), any(hello))),
  ]),
  'a parent known only through a right origin': updateOf([
    block(CLIENT, 1, all(byte(0x68), uint(CLIENT), uint(0), uint(1), any(hello))),
  ]),
  'a deletion': updateOf([block(CLIENT, 0, entry(id, hello))], all(uint(1), uint(CLIENT), uint(1), uint(0), uint(1))),
  'a pre-emptive deletion': updateOf([], all(uint(1), uint(CLIENT), uint(1), uint(100), uint(1))),
  'deleted content': updateOf([block(CLIENT, 0, all(byte(0x21), uint(1), text('entries'), text(id), uint(1)))]),
  'a GC struct': updateOf([block(CLIENT, 0, all(byte(0), uint(1)))]),
  'a Skip struct': updateOf([block(CLIENT, 0, all(byte(10), uint(1)), entry(id, hello))]),
  'a GC struct as long as 2^40': updateOf([block(CLIENT, 0, all(byte(0), uint(2 ** 40)))]),
  'content as long as 2^40': updateOf([
    block(CLIENT, 0, all(byte(0x28), uint(1), text('entries'), text(id), uint(2 ** 40), any(hello))),
  ]),
  'content of length 0': updateOf([block(CLIENT, 0, all(byte(0x28), uint(1), text('entries'), text(id), uint(0)))]),
  'content of two values': updateOf([
    block(CLIENT, 0, all(byte(0x28), uint(1), text('entries'), text(id), uint(2), any(hello), any(hello))),
  ]),
  'a text as long as 2^40': updateOf([
    block(CLIENT, 0, all(byte(0x28), uint(1), text('entries'), text(id), uint(1), byte(119), uint(2 ** 40))),
  ]),
  'a key as long as 2^40': updateOf([block(CLIENT, 0, all(byte(0x28), uint(1), text('entries'), uint(2 ** 40)))]),
  'a value 200,000 deep': updateOf([
    block(CLIENT, 0, all(byte(0x28), uint(1), text('entries'), text(id), uint(1), deep(200_000))),
  ]),
  'stamps 200,000 deep': updateOf([
    block(EPOCH_CLIENT, 0, all(byte(0x08), uint(1), text('stamps'), uint(1), deep(200_000))),
  ]),
  'an object with __proto__ for a value': updateOf([
    block(
      CLIENT,
      0,
      all(byte(0x28), uint(1), text('entries'), text(id), uint(1), byte(118), uint(1), text('__proto__'), any('x')),
    ),
  ]),
  'the key __proto__': updateOf([block(CLIENT, 0, entry('__proto__', hello))]),
  'a key that is no entry id': updateOf([block(CLIENT, 0, entry(id.toLowerCase(), hello))]),
  'a number for a value': updateOf([
    block(CLIENT, 0, all(byte(0x28), uint(1), text('entries'), text(id), uint(1), any(5))),
  ]),
  'a text that is not UTF-8': updateOf([
    block(CLIENT, 0, all(byte(0x28), uint(1), text('entries'), text(id), uint(1), raw(119, 2, 0xc3, 0x28))),
  ]),
  'the same client twice': updateOf([block(CLIENT, 0, entry(id, hello)), block(CLIENT, 1, entry(newId(), hello))]),
  'a block of nothing': updateOf([block(CLIENT, 0)]),
  'a truncated update': updateOf([block(CLIENT, 0, entry(id, hello))]).slice(0, -20),
  'an update without its delete set': updateOf([block(CLIENT, 0, entry(id, hello))]).slice(0, -1),
  'a padded update': bytesOf(raw(...updateOf([block(CLIENT, 0, entry(id, hello))])), byte(0)),
  'a V2 update': v2(),
  '30 million structs claimed in ten bytes': bytesOf(uint(1), uint(30_000_000), uint(CLIENT), uint(0), byte(0)),
  '30 million clients claimed in ten bytes': bytesOf(uint(30_000_000), raw(1, 1, 1, 0, 0, 0)),
  'a clock of 2^53': bytesOf(uint(1), uint(1), uint(CLIENT), hugeUint(7, 16), entry(id, hello), uint(0)),
  'a clock that runs over 2^53': updateOf([
    block(CLIENT, Number.MAX_SAFE_INTEGER, entry(id, hello), entry(newId(), hello)),
  ]),
  'a client of 2^53': bytesOf(uint(1), uint(1), hugeUint(7, 16), uint(0), entry(id, hello), uint(0)),
  'an integer without an end': bytesOf(uint(1), hugeUint(40)),
  'entries of the stamps client': updateOf([block(EPOCH_CLIENT, 0, entry(id, hello))]),
  'stamps of a device': updateOf([block(CLIENT, 0, firstStamps([id, NOW]))]),
  'stamps in the middle': updateOf([block(EPOCH_CLIENT, 2, nextStamps(1, [[id, NOW]]))]),
  'a first stamp at clock 1': updateOf([block(EPOCH_CLIENT, 1, firstStamps([id, NOW]))]),
  'stamps in another root': updateOf([
    block(EPOCH_CLIENT, 0, all(byte(0x08), uint(1), text('entries'), uint(1), any([id, NOW]))),
  ]),
  'a stamp without a time': updateOf([block(EPOCH_CLIENT, 0, firstStamps([id, 'now']))]),
  'a stamp of three': updateOf([block(EPOCH_CLIENT, 0, firstStamps([id, NOW, 1]))]),
  'a stamp at no time': updateOf([block(EPOCH_CLIENT, 0, firstStamps([id, Number.NaN]))]),
  'entries of the server, made up': updateOf([block(2, 0, entry(id, hello))]),
  'a reserved client': updateOf([block(15, 0, entry(id, hello))]),
}

function v2(): Uint8Array {
  const doc = new Y.Doc()
  doc.getMap('entries').set(id, hello)
  return Y.encodeStateAsUpdateV2(doc)
}

describe('[R1] what is no update of a ledger closes with 4400, is not stored and is told to nobody', () => {
  test.each(Object.entries(malformed))('%s', async (_name, bytes) => {
    const { room } = await begun(world)
    const other = await join(world, ada, room)
    const peer = await join(world, visitor, room, true)
    const before = { stored: await world.store.entries(room, 0), heard: other.received.length }
    await peer.send(update(bytes))
    await world.rooms.drain()
    expect(peer.closed?.code).toBe(CloseCode.Malformed)
    expect(await world.store.entries(room, 0)).toEqual(before.stored)
    expect(other.received.length).toBe(before.heard)
    expect(other.closed).toBeNull()
  })

  test('a message that is no y-websocket message', async () => {
    const { room } = await begun(world)
    for (const bytes of [[], [0], [0, 3, 0], [2, 0], [9], [0, 2, 5, 1], [0, 0, 1, 0, 0], [0, 0, 2, 200, 1]]) {
      const peer = await join(world, visitor, room, true)
      await peer.send(Uint8Array.from(bytes))
      expect(peer.closed?.code).toBe(CloseCode.Malformed)
    }
  })
})

describe('[R2] the recogniser accepts what honest devices send', () => {
  test('an entry, a merged run of stamps, a run cut off, an update that says nothing', () => {
    const other = newId()
    const honest = [
      updateOf([block(CLIENT, 0, entry(id, hello))]),
      updateOf([block(CLIENT, Number.MAX_SAFE_INTEGER - 1, entry(id, hello))]),
      updateOf([block(EPOCH_CLIENT, 0, firstStamps([id, NOW], [other, NOW + 1]))]),
      updateOf([block(EPOCH_CLIENT, 7, nextStamps(7, [[id, NOW]]), nextStamps(8, [[other, NOW]]))]),
      // Times that lib0 writes as an integer and as a float32.
      updateOf([block(EPOCH_CLIENT, 0, firstStamps([id, 12], [other, 2 ** 40]))]),
      updateOf([]),
    ]
    for (const bytes of honest) expect(recogniseUpdate(bytes)).toMatchObject({ ok: true })
    expect(recogniseUpdate(honest[3] ?? new Uint8Array())).toMatchObject({
      stamps: [
        {
          client: EPOCH_CLIENT,
          clock: 7,
          pairs: [
            [id, NOW],
            [other, NOW],
          ],
        },
      ],
    })
  })

  test('a state vector, and what is none', () => {
    expect(recogniseVector(bytesOf(uint(1), uint(CLIENT), uint(9)))).toEqual(new Map([[CLIENT, 9]]))
    expect(recogniseVector(bytesOf(uint(0)))).toEqual(new Map())
    expect(recogniseVector(bytesOf(uint(30_000_000), uint(1), uint(1)))).toBeNull()
    expect(recogniseVector(bytesOf(uint(2), uint(CLIENT), uint(9), uint(CLIENT), uint(9)))).toBeNull()
    expect(recogniseVector(bytesOf(uint(1), uint(CLIENT), hugeUint(7, 16)))).toBeNull()
    expect(recogniseVector(bytesOf(uint(0), uint(0)))).toBeNull()
  })
})

/** Sends one update of entries as a device that has nothing else, and gives what became of it. */
async function attempt(principal: typeof visitor, room: ReturnType<typeof thread>, bytes: Uint8Array) {
  const before = await world.store.entries(room, 0)
  const peer = await join(world, principal, room, true)
  await peer.send(update(bytes))
  await world.rooms.drain()
  return {
    closed: peer.closed,
    added: (await world.store.entries(room, 0)).slice(before.length).map((row) => row.id),
    peer,
  }
}

describe('[R3] 4422: an entry that may not be stored; the reason begins with its id', () => {
  const cases: [string, typeof visitor, string, RegExp][] = [
    ['by somebody else', visitor, canonicalText(message(ada, 'I am Ada')), /somebody else/],
    ['of a kind that nobody knows', visitor, '{"kind":"shout","by":"system","at":1}', /unknown kind/],
    [
      'of a kind for agents',
      visitor,
      canonicalText({ kind: 'closed', by: visitor, at: NOW, seen: null, reason: 'agent', transcript: 'auto' }),
      /reason/,
    ],
    [
      'a comment in the thread',
      ada,
      canonicalText({ kind: 'comment', by: ada, at: NOW, body: { type: 'doc', content: [] }, mentions: [] }),
      /unknown kind/,
    ],
    ['not canonical', visitor, ` ${hello}`, /canonical/],
    ['a doubled key', visitor, hello.replace('{', '{"kind":"closed",'), /canonical/],
    ['__proto__ within', visitor, hello.replace('{', '{"__proto__":{},'), /__proto__|canonical/],
    ['too large', visitor, hello.replace('Hello', 'Hello'.repeat(4000)), /too large/],
    ['too deep', visitor, `{"a":${'['.repeat(40)}${']'.repeat(40)}}`, /deeper/],
    ['opened again', visitor, canonicalText(openedBy(visitor)), /opened already/],
    [
      'an edit of nothing',
      visitor,
      canonicalText({ kind: 'retracted', by: visitor, at: NOW, entry: newId() }),
      /names no entry/,
    ],
  ]
  test.each(cases)('%s', async (_name, principal, content, reason) => {
    const { room } = await begun(world)
    const fine = newId()
    const bad = newId()
    // All or nothing: the honest entry before it is not stored either.
    const good = canonicalText(message(principal, 'Fine'))
    const { closed, added } = await attempt(
      principal,
      room,
      updateOf([block(CLIENT, 0, entry(fine, good), entry(bad, content))]),
    )
    expect(closed).toMatchObject({ code: CloseCode.RefusedEntry, reason: expect.stringMatching(reason) as string })
    expect(closed?.reason.startsWith(bad)).toBe(true)
    expect(added).toEqual([])
  })

  test('an id that somebody else has used', async () => {
    const { room, first } = await begun(world)
    const { closed, added } = await attempt(
      ada,
      room,
      updateOf([block(CLIENT, 0, entry(first, canonicalText(message(ada, 'Mine'))))]),
    )
    expect(closed?.code).toBe(CloseCode.RefusedEntry)
    expect(added).toEqual([])
  })

  test('the same id twice in one update (a map overwrite deletes)', async () => {
    const { room } = await begun(world)
    world.breakStore({ append: () => Promise.reject(new Error('not to be asked')) })
    const twice = newId()
    const other = canonicalText(message(visitor, 'Other words'))
    const { closed, added } = await attempt(
      visitor,
      room,
      updateOf([block(CLIENT, 0, entry(twice, hello), entry(twice, other))]),
    )
    expect(closed?.code).toBe(CloseCode.RefusedEntry)
    expect(added).toEqual([])
  })

  test('a conversation that does not begin with opened', async () => {
    const room = thread()
    const { closed, added } = await attempt(visitor, room, updateOf([block(CLIENT, 0, entry(newId(), hello))]))
    expect(closed?.code).toBe(CloseCode.RefusedEntry)
    expect(added).toEqual([])
    expect(await world.store.head(room)).toBeNull()
  })

  test('the inbox of another token', async () => {
    const room = thread()
    const elsewhere = canonicalText({ ...openedBy(visitor), inbox: 'other' } as ReturnType<typeof openedBy>)
    const { closed } = await attempt(visitor, room, updateOf([block(CLIENT, 0, entry(newId(), elsewhere))]))
    expect(closed?.code).toBe(CloseCode.RefusedEntry)
    expect(await world.store.head(room)).toBeNull()
  })
})

describe('[R4] 4409: the copy is stale', () => {
  test('a clock overlap with another key', async () => {
    const { room, peer } = await begun(world)
    const { closed, added } = await attempt(
      visitor,
      room,
      updateOf([block(peer.doc.clientID, 1, entry(newId(), hello), entry(newId(), hello))]),
    )
    expect(closed?.code).toBe(CloseCode.StaleDocument)
    expect(added).toEqual([])
  })

  test("another's client id", async () => {
    const { room, peer } = await begun(world)
    // The store would say so, too; it must not even be asked.
    world.breakStore({ append: () => Promise.reject(new Error('not to be asked')) })
    const mine = canonicalText(message(ada, 'Mine'))
    const { closed, added } = await attempt(ada, room, updateOf([block(peer.doc.clientID, 2, entry(newId(), mine))]))
    expect(closed?.code).toBe(CloseCode.StaleDocument)
    expect(added).toEqual([])
  })

  test("another's client id, taken before its owner's first append, even while that one still waits", async () => {
    const { room } = await begun(world)
    const thief = await join(world, visitor, room, true)
    const owner = await join(world, ada, room, true)
    const stolen = newId()
    const sent = thief.send(update(updateOf([block(CLIENT, 0, entry(stolen, hello))])))
    await owner.send(update(updateOf([block(CLIENT, 0, entry(newId(), canonicalText(message(ada, 'Mine'))))])))
    await sent
    await world.rooms.drain()
    expect(thief.closed).toBeNull()
    expect(owner.closed?.code).toBe(CloseCode.StaleDocument)
    expect((await world.store.entries(room, 2)).map((row) => row.id)).toEqual([stolen])
  })

  test('the same entry under another client', async () => {
    const { room, peer, first } = await begun(world)
    const same = peer.texts.get(first) ?? ''
    const { closed, added } = await attempt(visitor, room, updateOf([block(CLIENT, 0, entry(first, same))]))
    expect(closed?.code).toBe(CloseCode.StaleDocument)
    expect(added).toEqual([])
  })

  test('stamps of another epoch, and more stamps than the store has, in an update and in a state vector', async () => {
    const { room } = await begun(world)
    const pair = [id, NOW]
    const updates = [
      updateOf([block(EPOCH_CLIENT + 1, 0, firstStamps(pair))]),
      updateOf([block(EPOCH_CLIENT, 0, firstStamps(pair, pair, pair))]),
      updateOf([block(EPOCH_CLIENT, 2, nextStamps(2, [pair]))]),
    ]
    for (const bytes of updates)
      expect((await attempt(visitor, room, bytes)).closed?.code).toBe(CloseCode.StaleDocument)
    for (const vector of [
      [EPOCH_CLIENT + 1, 1],
      [EPOCH_CLIENT, 3],
    ] as const) {
      const peer = await join(world, visitor, room, true)
      await peer.send(step1(new Map([vector])))
      expect(peer.closed?.code).toBe(CloseCode.StaleDocument)
    }
    const fine = await join(world, visitor, room, true)
    await fine.send(step1(new Map([[EPOCH_CLIENT, 2]])))
    expect(fine.closed).toBeNull()
  })
})

describe('[R5] what is ahead is dropped whole and answered with sync step 1', () => {
  test.each([1, Number.MAX_SAFE_INTEGER - 1])('a clock ahead by %d', async (clock) => {
    const { room } = await begun(world)
    world.breakStore({ append: () => Promise.reject(new Error('not to be asked')) })
    const { closed, added, peer } = await attempt(
      visitor,
      room,
      updateOf([block(CLIENT, clock, entry(newId(), hello)), block(CLIENT + 1, 0, entry(newId(), hello))]),
    )
    expect(closed).toBeNull()
    expect(added).toEqual([])
    expect([...(peer.received.at(-1) ?? [])].slice(0, 2)).toEqual([0, 0])
  })

  test("nothing pending is laundered through another's update", async () => {
    const { room } = await begun(world)
    const late = newId()
    const early = newId()
    await attempt(visitor, room, updateOf([block(CLIENT, 1, entry(late, hello))]))
    const { added } = await attempt(visitor, room, updateOf([block(CLIENT, 0, entry(early, hello))]))
    expect(added).toEqual([early])
  })
})

describe('[R6] echoes of honest devices are skipped', () => {
  test('a whole document, known entries of others and stamps included, with one new entry', async () => {
    const { room, peer } = await begun(world)
    const agent = await join(world, ada, room)
    agent.write(message(ada, 'Hello, how can I help?'))
    await until(() => peer.stamps.length === 3)
    const mine = newId()
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(peer.doc))
    copy.getMap('entries').set(mine, hello)
    const { closed, added } = await attempt(visitor, room, Y.encodeStateAsUpdate(copy))
    expect(closed).toBeNull()
    expect(added).toEqual([mine])
  })

  test('what is still queued counts as known', async () => {
    const { room } = await begun(world)
    const peer = await join(world, visitor, room, true)
    const bytes = update(updateOf([block(CLIENT, 0, entry(id, hello))]))
    await Promise.all([peer.send(bytes), peer.send(bytes)])
    await world.rooms.drain()
    expect(peer.closed).toBeNull()
    expect((await world.store.entries(room, 2)).map((row) => row.id)).toEqual([id])
  })

  test('entries of two tabs arrive in the order they were written, opened first', async () => {
    const room = thread()
    const [a, b] = [newId(), newId()]
    const words = canonicalText({ ...message(visitor, 'First words'), at: NOW + 1 } as ReturnType<typeof message>)
    const { closed, added } = await attempt(
      visitor,
      room,
      updateOf([block(900, 0, entry(b, words)), block(100, 0, entry(a, canonicalText(openedBy(visitor))))]),
    )
    expect(closed).toBeNull()
    expect(added).toEqual([a, b])
  })
})

describe('[R7] a thread that does not exist yet', () => {
  test('whoever else waited in it is closed with 4403 when it begins, and hears nothing of it', async () => {
    const room = thread()
    const owner = await join(world, visitor, room)
    const other = await join(world, stranger, room)
    const heard = other.received.length
    owner.write(openedBy(visitor))
    await until(() => owner.stamps.length === 1)
    expect(other.closed?.code).toBe(CloseCode.Forbidden)
    expect(other.received.length).toBe(heard)
    expect((await join(world, stranger, room)).closed?.code).toBe(CloseCode.Forbidden)
  })

  test('agents may not join it, and nobody but agents a team', async () => {
    expect((await join(world, bo, thread())).closed?.code).toBe(CloseCode.NoSuchRoom)
    const { room } = await begun(world)
    const team = { kind: 'team', conversation: room.conversation } as const
    expect((await join(world, visitor, team)).closed?.code).toBe(CloseCode.Forbidden)
    expect((await join(world, bo, team)).closed).toBeNull()
  })
})
