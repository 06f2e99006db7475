import { expect } from 'vitest'
import { readEntry } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import { parseRoom } from '#conversation/rooms.ts'
import type { FoldEntry } from '#conversation/view.ts'
import type { Batch } from './batch.ts'
import { shownOtherwise } from './rest.ts'
import { entriesOf, query, readRows, type Row } from './rows.ts'

/** What must hold when the last life is over: the database's file, read as it lies there, against what people saw. */

export interface Found {
  entries: number
  stampsSeen: number
  closes: number
  voidCloses: number
  mails: number
  mailsAgain: number
}

/** Asserts everything; gives what there was, so that a run can prove that it was no idle one. */
export function audit(batch: Batch): Found {
  const { file, people, witness } = batch
  expect(query(file, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(witness.complaints).toEqual([])
  const rows = readRows(file)
  const rooms = Map.groupBy(rows, ({ room }) => room)
  checkOrder(rooms)
  const stampsSeen = checkStamps(batch, rooms)
  checkWritten(batch, rows)
  expect(shownOtherwise(people, rooms)).toEqual([])
  const closes = people.conversations.flatMap((id) => closesIn(entriesOf(rooms, id)))
  const valid = closes.filter(({ counts }) => counts).map(({ id }) => id)
  // The sample conversations of the demo's inbox lie in the same file, with transcripts that nobody was to be mailed.
  const samples = conversationsIn(rooms).filter((id) => !people.conversations.includes(id))
  checkJobs(file, [...valid, ...samples.flatMap((id) => transcriptsIn(entriesOf(rooms, id)))])
  const outcomes = checkOutcomes(ofPeople(batch, rows), valid)
  const mailsAgain = checkMails(batch, outcomes)
  return {
    entries: people.written.length,
    stampsSeen,
    closes: valid.length,
    voidCloses: closes.length - valid.length,
    mails: batch.mail.taken.length,
    mailsAgain,
  }
}

/** One place for each, no holes, and time goes on: over both ledgers of a conversation. */
function checkOrder(rooms: Map<string, Row[]>): void {
  for (const [room, rows] of rooms) {
    expect(
      rows.map(({ seq }) => seq),
      room,
    ).toEqual(rows.map((_, index) => index))
  }
  const conversations = Map.groupBy([...rooms.values()].flat(), ({ room }) => parseRoom(room)?.conversation)
  for (const [conversation, rows] of conversations) {
    expect(new Set(rows.map(({ at }) => at)).size, `stamp times of ${conversation}`).toBe(rows.length)
  }
  for (const rows of rooms.values()) {
    for (const [i, { at }] of rows.entries()) expect(at).toBeGreaterThan(rows[i - 1]?.at ?? 0)
  }
}

/** A stamp that anybody ever saw is in the database: that entry, in that room, once, with that time. */
function checkStamps({ witness }: Batch, rooms: Map<string, Row[]>): number {
  let seen = 0
  for (const [room, stamps] of witness.stamps) {
    const stored = Map.groupBy(rooms.get(room) ?? [], ({ id }) => id)
    for (const [id, at] of stamps.values()) {
      expect(
        stored.get(id)?.map((row) => row.at),
        `${id} in ${room}, which was seen stamped`,
      ).toEqual([at])
      seen++
    }
  }
  return seen
}

/** Every entry that a device had on its disk is stored once, as it was written; and nothing else is. */
function checkWritten(batch: Batch, rows: Row[]): void {
  const mine = ofPeople(batch, rows)
  const stored = Map.groupBy(mine, ({ id }) => id)
  for (const { id, by, conversation, kind, words } of batch.people.written) {
    const found = stored.get(id) ?? []
    expect(
      found.map((row) => [parseRoom(row.room)?.conversation, row.by, row.kind]),
      `${kind} ${id}`,
    ).toEqual([[conversation, by, kind]])
    expect(found[0]?.text).toContain(words)
  }
  const written = new Set(batch.people.written.map(({ id }) => id))
  expect(mine.filter(({ id, by }) => by !== 'system' && !written.has(id))).toEqual([])
}

/** One job for each close that counts, none for others, and all done. */
function checkJobs(file: string, closes: string[]): void {
  const jobs = query<{ key: string; state: string }>(file, 'SELECT key, state FROM jobs ORDER BY key')
  expect(jobs).toEqual(closes.toSorted().map((close) => ({ key: `transcript/${close}`, state: 'done' })))
}

/** One outcome in the thread for each valid close; gives their stamps by close. */
function checkOutcomes(rows: Row[], valid: string[]): Map<string, number> {
  const outcomes = rows.flatMap(({ at, text }) => {
    const entry = readEntry('thread', text)
    return entry?.kind === 'transcript' ? [{ at, close: entry.close, status: entry.status }] : []
  })
  expect(outcomes.map(({ close }) => close).toSorted()).toEqual(valid.toSorted())
  // Everybody has left an address before the first message.
  expect(outcomes.filter(({ status }) => status !== 'sent')).toEqual([])
  return new Map(outcomes.map(({ close, at }) => [close, at]))
}

/**
 * A mail for each valid close. One that came twice was sent by a process that died before it could write that down: at
 * most one in a life, the last one in the life that wrote it down, and to its reader's mail program the same mail.
 */
function checkMails({ mail, births }: Batch, outcomes: Map<string, number>): number {
  const byId = Map.groupBy(mail.taken, ({ messageId }) => messageId)
  const ids = [...outcomes.keys()].map((close) => `<transcript.${close}@parley.example.com>`)
  expect([...byId.keys()].toSorted()).toEqual(ids.toSorted())
  for (const [close, at] of outcomes) {
    const mails = byId.get(`<transcript.${close}@parley.example.com>`) ?? []
    const lives = mails.map(({ life }) => life)
    expect(lives, `lives that mailed ${close}`).toEqual([...new Set(lives)].toSorted((a, b) => a - b))
    expect(lives.at(-1), `the life that wrote down that ${close} was mailed`).toBe(
      births.findLastIndex((from) => from <= at),
    )
    for (const again of mails.slice(1)) expect({ ...again, life: lives[0] }).toEqual(mails[0])
  }
  return mail.taken.length - outcomes.size
}

function ofPeople({ people }: Batch, rows: Row[]): Row[] {
  return rows.filter(({ room }) => people.conversations.includes(parseRoom(room)?.conversation ?? ''))
}

function conversationsIn(rooms: Map<string, Row[]>): string[] {
  return [...new Set([...rooms.keys()].flatMap((room) => parseRoom(room)?.conversation ?? []))]
}

/** The closes that transcripts in a thread tell of. */
function transcriptsIn(entries: FoldEntry[]): string[] {
  return entries.flatMap(({ entry }) => (entry.kind === 'transcript' ? [entry.close] : []))
}

function closesIn(entries: FoldEntry[]): { id: string; counts: boolean }[] {
  return fold(entries).timeline.flatMap(({ id, ...item }) =>
    item.type === 'event' && (item.event.is === 'closed' || item.event.is === 'void-close')
      ? [{ id, counts: item.event.is === 'closed' }]
      : [],
  )
}
