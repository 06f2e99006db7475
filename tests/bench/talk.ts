import * as Y from 'yjs'
import { bodyFromText } from '#conversation/body.ts'
import { canonicalText } from '#conversation/canonical.ts'
import { append } from '#conversation/document.ts'
import type { Entry } from '#conversation/entries.ts'
import { createUlid, type Principal } from '#conversation/ids.ts'
import { roomName } from '#conversation/rooms.ts'
import { update } from '#server/relay/message.ts'

/** What is said in a benchmark: entries as a device writes them, encoded beforehand by Yjs itself. */

/** An entry, and the y-websocket message that brings it. */
export interface Saying {
  id: string
  text: string
  message: Uint8Array
}

/** One place in a room: who sits there. Either a visitor or an agent, by number. */
export interface Chair {
  room: string
  visitor: number | null
  agent: number | null
}

export interface Speaker {
  chair: Chair
  sayings: Saying[]
  /** The message with all that it says in one update: how a device that was offline comes back. */
  all: Uint8Array
}

export interface Talk {
  name: string
  /** The visitor's device begins the conversation with this. */
  opening: Saying
  /** The visitor, then agents. */
  speakers: Speaker[]
  /** What the first agent says last, after all else was heard: it closes the conversation, and asks for a transcript. */
  closing: Saying | null
}

export interface Company {
  /** Ids. */
  visitors: string[]
  agents: string[]
  talks: Talk[]
}

const WORDS =
  'the plant on my window sill has lost most of its leaves since I moved and I would like to know whether more light or less water helps it'.split(
    ' ',
  )

/** Numbered "random" bytes: the same talk in every run, whoever listens. */
let numbers = 0
function random(bytes: Uint8Array): Uint8Array {
  numbers++
  return bytes.map((_, i) => (i < bytes.length - 5 ? 7 : (numbers >> (5 * (bytes.length - 1 - i))) & 31))
}

const START = 1_760_000_000_000
/** How long after the start somebody says so much, in ms: everybody says one thing in that time. */
const PAUSE = 1000
const newId = (after = 0): string => createUlid({ now: () => START + after, random })

/** So many conversations of one visitor and some agents, each of whom says so much; the closing is beside that. */
export function createCompany(shape: { talks: number; agents: number; each: number }): Company {
  const visitors = Array.from({ length: shape.talks }, () => newId())
  const agents = Array.from({ length: shape.agents }, () => newId())
  const talks = visitors.map((id, visitor) => {
    const name = roomName({ kind: 'thread', conversation: newId() })
    const doc = deviceOf(visitor, 0)
    const guest = { room: name, visitor, agent: null }
    const opening = said(doc, openedBy(`visitor:${id}`))
    const first = speak(doc, guest, `visitor:${id}`, shape.each)
    const devices = agents.map((_, i) => deviceOf(visitor, i + 1))
    const others = agents.map((agent, i) =>
      speak(devices[i] ?? doc, { room: name, visitor: null, agent: i }, `agent:${agent}`, shape.each),
    )
    const seen = first.sayings.at(-1)?.id
    const [closer] = devices
    const closing =
      closer === undefined || seen === undefined ? null : said(closer, closedBy(`agent:${agents[0]}`, seen))
    return { name, opening, speakers: [first, ...others], closing }
  })
  return { visitors, agents, talks }
}

/** The Yjs document of one device, under a client id that nobody else has. */
function deviceOf(talk: number, seat: number): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = 1_000_000_000 + talk * 16 + seat
  return doc
}

function speak(doc: Y.Doc, chair: Chair, by: Principal, count: number): Speaker {
  const sayings = Array.from({ length: count }, (_, i) => said(doc, messageBy(by, i), i * PAUSE))
  return { chair, sayings, all: update(Y.encodeStateAsUpdate(doc)) }
}

function said(doc: Y.Doc, entry: Entry, after = 0): Saying {
  const id = newId(after)
  const text = canonicalText(entry)
  let message: Uint8Array = new Uint8Array()
  doc.once('update', (bytes: Uint8Array) => (message = update(bytes)))
  append(doc, id, text, null)
  return { id, text, message }
}

function openedBy(by: Principal): Entry {
  const page = { url: 'https://example.com/plants', title: 'Plants', referrer: '' }
  return { kind: 'opened', by, at: START, inbox: 'bench', page, locale: 'en' }
}

function messageBy(by: Principal, number: number): Entry {
  const words = Array.from({ length: 6 + (number % 20) }, (_, i) => WORDS[(number + i) % WORDS.length] ?? '')
  const body = bodyFromText(words.join(' '))
  if (body === null) throw new Error('nothing was said')
  return { kind: 'message', by, at: START + number * PAUSE, channel: 'chat', body }
}

function closedBy(by: Principal, seen: string): Entry {
  return { kind: 'closed', by, at: START, seen, reason: 'agent', transcript: 'auto' }
}
