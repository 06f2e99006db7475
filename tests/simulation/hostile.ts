import * as decoding from 'lib0/decoding'
import * as Y from 'yjs'
import { canonicalText } from '#conversation/canonical.ts'
import type { Principal } from '#conversation/ids.ts'
import { encodeFrame, ENTRIES, EPOCH_CLIENT, STAMPS } from '#conversation/wire.ts'
import { body } from '../support/conversations.ts'
import { Pair, type Link } from './network.ts'
import type { Random } from './random.ts'
import { ClientEnd, type ServerEnd } from './sockets.ts'

/**
 * Somebody with a right to be there and no good intentions: joins a room on a socket of their own and says what no
 * honest device would. Nothing of it may be stored in another's name, told to others, or stop them.
 */
export interface Attack {
  random: Random
  principal: Principal
  link: Link
  /** Hands the server's end to the relay; false: nobody listens. */
  accept(server: ServerEnd): boolean
  room: string
  /** What honest devices have sent. */
  overheard: readonly Uint8Array[]
  newId(): string
}

/** What they say; the names are counted. */
const SAYINGS: Record<string, (attack: Attack) => Uint8Array[]> = {
  'random bytes': ({ random }) => [syncMessage(random.bytes(new Uint8Array(1 + random.below(60))))],
  'overwrites and deletions': (attack) => [edited(attack, (doc) => overwrite(doc, attack))],
  'other roots': (attack) => [edited(attack, (doc) => doc.getMap('others').set(attack.newId(), 'x'))],
  'forged stamps': (attack) => [forgedStamps(attack)],
  'another name': (attack) => [edited(attack, (doc) => put(doc, attack, `agent:${attack.newId()}`))],
  'half an update': (attack) => [
    cut(
      edited(attack, (doc) => put(doc, attack, attack.principal)),
      attack.random,
    ),
  ],
  'a lent client id': (attack) => lent(attack),
  replays: ({ random, overheard }) => {
    const some = shuffled(random, overheard).slice(0, 6)
    return [...some, ...some.slice(0, 2)]
  },
  'replays with a bit flipped': ({ random, overheard }) =>
    shuffled(random, overheard)
      .slice(0, 6)
      .map((message) => flipped(random, message)),
}

export const REPLAYS = 'replays'

/** Joins and says one thing: this, or any. Returns what it was. */
export function attack(attack: Attack, say?: typeof REPLAYS): string {
  const client = new ClientEnd()
  const pair = new Pair(attack.link, attack.random, client)
  client.pair = pair
  client.open()
  const what = say ?? attack.random.pick(Object.keys(SAYINGS)) ?? 'random bytes'
  if (!attack.accept(pair.server)) {
    pair.break()
    return 'nobody listens'
  }
  client.send(encodeFrame({ kind: 'open', channel: 1, room: attack.room }))
  for (const message of SAYINGS[what]?.(attack) ?? []) {
    client.send(encodeFrame({ kind: 'data', channel: 1, message }))
  }
  setTimeout(() => pair.break(), 2000)
  return what
}

function syncMessage(update: Uint8Array): Uint8Array {
  return Uint8Array.of(0, 2, ...varUint(update.length), ...update)
}

function varUint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varUint(value >>> 7)]
}

/** The update of a document with one honest entry in it, after a change. */
function edited(attack: Attack, change: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = 16 + attack.random.below(2 ** 31)
  change(doc)
  return syncMessage(Y.encodeStateAsUpdate(doc))
}

function put(doc: Y.Doc, { newId }: Attack, by: string): void {
  const entry = { kind: 'message', by, at: Date.now(), channel: 'chat', body: body('Not from me') }
  doc.getMap(ENTRIES).set(newId(), canonicalText(entry))
}

function overwrite(doc: Y.Doc, attack: Attack): void {
  put(doc, attack, attack.principal)
  for (const key of doc.getMap(ENTRIES).keys()) doc.getMap(ENTRIES).set(key, 'overwritten')
}

function forgedStamps({ newId, random }: Attack): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = EPOCH_CLIENT + random.below(2)
  doc.getArray(STAMPS).push([[newId(), Date.now()]])
  return syncMessage(Y.encodeStateAsUpdate(doc))
}

/** An entry of one's own under the client id of somebody else, taken before its owner has used it here. */
function lent(attack: Attack): Uint8Array[] {
  const clients = attack.overheard.flatMap(awarenessClient)
  const client = attack.random.pick(clients)
  if (client === undefined) return []
  const doc = new Y.Doc()
  doc.clientID = client
  put(doc, attack, attack.principal)
  return [syncMessage(Y.encodeStateAsUpdate(doc))]
}

/** The Yjs client id that an awareness message speaks of first. */
function awarenessClient(message: Uint8Array): number[] {
  if (message[0] !== 1) return []
  const decoder = decoding.createDecoder(decoding.readVarUint8Array(decoding.createDecoder(message.subarray(1))))
  return decoding.readVarUint(decoder) === 0 ? [] : [decoding.readVarUint(decoder)]
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.subarray(0, 1 + random.below(bytes.length - 1))
}

function flipped(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  const at = random.below(copy.length)
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
  return copy
}

function shuffled<T>(random: Random, all: readonly T[]): T[] {
  const copy = [...all]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const [a, b] = [copy[i], copy[j]]
    if (a !== undefined && b !== undefined) [copy[i], copy[j]] = [b, a]
  }
  return copy
}
