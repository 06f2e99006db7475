import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { append, stampsOf, textsOf } from '#conversation/document.ts'
import { ENTRIES, EPOCH_CLIENT, STAMPS } from '#conversation/wire.ts'
import { catchUp as catchUpBy } from '#server/relay/catch-up.ts'
import { encodeRows, encodeSteps } from '#server/relay/encode.ts'
import { Ledger } from '#server/relay/ledger.ts'
import { recogniseUpdate } from '#server/relay/recognise.ts'
import type { LedgerHead, Span, StoredEntry } from '#server/store/port.ts'
import { newId, NOW, thread, visitor } from './support.ts'

/** Who wrote each entry of a history, how long its text is, and how much time passed before its stamp. */
const histories = fc.array(
  fc.record({
    who: fc.nat(3),
    size: fc.nat(40),
    wait: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constant(2 ** 33)),
  }),
  {
    maxLength: 30,
  },
)
type History = typeof histories extends fc.Arbitrary<infer T> ? T : never

/** Histories over several runs of the store: each begins an epoch of its own. */
const epochs: fc.Arbitrary<Span[]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 3 })
  .map((froms) =>
    [0, ...froms.sort((a, b) => a - b)].map((from, run) => ({ epoch: run * 1_760_000_000_000_000, from })),
  )

const CLIENTS = [2, 16, 4711, 2 ** 32 - 1]

const ONE = [{ epoch: 0, from: 0 }]

function rowsOf(history: History, spans: Span[] = ONE): { rows: StoredEntry[]; head: LedgerHead } {
  const clocks = new Map<number, number>()
  let at = NOW
  const rows = history.map(({ who, size, wait }, seq) => {
    const client = CLIENTS[who] ?? 16
    const clock = clocks.get(client) ?? 0
    clocks.set(client, clock + 1)
    return { seq, at: (at += wait), id: newId(), client, clock, by: visitor, text: `{"t":"é${'x'.repeat(size)}"}` }
  })
  const clients = new Map([...clocks].map(([client, clock]) => [client, { clock, principal: visitor }]))
  return { rows, head: { conversation: { id: newId(), inbox: 'demo', visitor }, spans, next: rows.length, clients } }
}

const stateOf = (doc: Y.Doc) => ({ texts: new Map(textsOf(doc).entries()), stamps: stampsOf(doc) })
const wanted = (rows: StoredEntry[]) => ({
  texts: new Map(rows.map((row) => [row.id, row.text])),
  stamps: rows.map((row) => [row.id, row.at]),
})
const storeOf = (rows: StoredEntry[], asked?: number[]) => ({
  entries: (_room: unknown, from: number) => {
    asked?.push(from)
    return Promise.resolve(rows.filter((row) => row.seq >= from))
  },
})
const vectorOf = (doc: Y.Doc) => Y.decodeStateVector(Y.encodeStateVector(doc))

async function catchUp(store: ReturnType<typeof storeOf>, ledger: Ledger, vector: Map<number, number>) {
  let sent: Uint8Array[] = []
  await catchUpBy(store, thread(), ledger, vector, (updates) => void (sent = updates))
  return sent
}

function expectClean(doc: Y.Doc): void {
  expect(doc.store.pendingStructs).toBeNull()
  expect(doc.store.pendingDs).toBeNull()
}

describe('[R8] rows travel as the updates that Yjs would have written', () => {
  test('a document gets the same rows, whole or cut into updates anywhere', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(30)), epochs, (history, cuts, spans) => {
        const { rows } = rowsOf(history)
        const doc = new Y.Doc()
        const at = [...new Set([0, ...cuts.filter((cut) => cut < rows.length), rows.length])].sort((a, b) => a - b)
        at.forEach((from, i) => Y.applyUpdate(doc, encodeRows(spans, rows.slice(from, at[i + 1]))))
        expectClean(doc)
        expect(stateOf(doc)).toEqual(wanted(rows))
        // What the document would echo is what the gate takes, and reads as the same.
        const echo = recogniseUpdate(Y.encodeStateAsUpdate(doc))
        if (!echo.ok) throw new Error(echo.reason)
        const stamps = echo.stamps.toSorted((a, b) => a.client - b.client)
        expect(stamps.flatMap((run) => run.pairs)).toEqual(stateOf(doc).stamps)
        expect(new Map(echo.runs.flatMap((run) => run.entries.map((each) => [each.id, each.text])))).toEqual(
          stateOf(doc).texts,
        )
      }),
    )
  })

  test('every slice that Yjs can send of an honest document is recognised', () => {
    fc.assert(
      fc.property(
        histories,
        fc.nat(30),
        fc.nat(30),
        fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }),
        epochs,
        (history, cut, from, own, spans) => {
          const { rows } = rowsOf(history)
          const doc = new Y.Doc()
          Y.applyUpdate(doc, encodeRows(spans, rows.slice(0, cut)))
          const sent: Uint8Array[] = []
          doc.on('update', (bytes: Uint8Array) => sent.push(bytes))
          for (const text of own) append(doc, newId(), JSON.stringify({ text }), 'test')
          Y.applyUpdate(doc, encodeRows(spans, rows.slice(cut)))
          const older = new Y.Doc()
          Y.applyUpdate(older, encodeRows(spans, rows.slice(0, from)))
          sent.push(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(older)), Y.mergeUpdates(sent))
          for (const bytes of sent) expect(recogniseUpdate(bytes)).toMatchObject({ ok: true })
        },
      ),
    )
  })

  test('a device gets exactly what it lacks, whatever it has', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(30), fc.nat(3), epochs, async (history, has, who, all) => {
        const spans = all.filter((span) => span.from < history.length)
        const { rows, head } = rowsOf(history, spans)
        const doc = new Y.Doc()
        Y.applyUpdate(doc, encodeRows(spans, rows.slice(0, has)))
        // Its own entries that are not stamped in its copy yet.
        const client = CLIENTS[who] ?? 16
        const mine = rows.slice(has).filter((row) => row.client === client)
        const first = mine[0]
        if (first !== undefined) {
          doc.clientID = client
          for (const row of mine) append(doc, row.id, row.text, 'test')
        }
        for (const bytes of await catchUp(storeOf(rows), new Ledger(head), vectorOf(doc))) Y.applyUpdate(doc, bytes)
        expectClean(doc)
        expect(stateOf(doc)).toEqual(wanted(rows))
      }),
    )
  })

  test('entries that a device has, and lacks only the stamps of, are not sent to it again', async () => {
    const { rows, head } = rowsOf(Array.from({ length: 8 }, (_, i) => ({ who: i % 2, size: 5, wait: 10 })))
    const mine = CLIENTS[1] ?? 16
    const vector = new Map([[mine, 4]])
    const [bytes = new Uint8Array()] = await catchUp(storeOf(rows), new Ledger(head), vector)
    const sent = recogniseUpdate(bytes)
    if (!sent.ok) throw new Error(sent.reason)
    expect(sent.runs.map((run) => [run.client, run.entries.length])).toEqual([[CLIENTS[0], 4]])
    expect(sent.stamps.map((run) => run.pairs.length)).toEqual([8])
  })

  test('an up-to-date device costs no look into the store', async () => {
    const { rows, head } = rowsOf(Array.from({ length: 20 }, (_, i) => ({ who: i % 3, size: 5, wait: 10 })))
    const doc = new Y.Doc()
    Y.applyUpdate(doc, encodeRows(ONE, rows))
    const asked: number[] = []
    expect(await catchUp(storeOf(rows, asked), new Ledger(head), vectorOf(doc))).toEqual([])
    expect(asked).toEqual([])
  })

  test('a device whose disk lost an entry and kept its stamp gets it again', async () => {
    const { rows, head } = rowsOf(Array.from({ length: 6 }, (_, i) => ({ who: i % 2, size: 5, wait: 10 })))
    const vector = new Map([
      [EPOCH_CLIENT, 4],
      [CLIENTS[1] ?? 16, 1],
    ])
    const doc = new Y.Doc()
    for (const bytes of await catchUp(storeOf(rows), new Ledger(head), vector)) Y.applyUpdate(doc, bytes)
    expect(
      [...textsOf(doc).keys()].filter((id) => rows.some((row) => row.id === id && row.client === CLIENTS[0])).length,
    ).toBe(3)
  })

  test('a long history goes out as several updates, each of which can be applied at once', () => {
    const { rows } = rowsOf(Array.from({ length: 400 }, (_, i) => ({ who: i % 4, size: 10_000, wait: 10 })))
    const updates = encodeSteps(ONE, rows, new Map())
    expect(updates.length).toBeGreaterThan(3)
    const doc = new Y.Doc()
    for (const bytes of updates) {
      expect(bytes.length).toBeLessThan(1.1 * 1024 * 1024)
      Y.applyUpdate(doc, bytes)
      expectClean(doc)
    }
    expect(stateOf(doc)).toEqual(wanted(rows))
  })

  test('roots are the ones that devices read', () => {
    const { rows } = rowsOf([{ who: 1, size: 1, wait: 1 }])
    const doc = new Y.Doc()
    Y.applyUpdate(doc, encodeRows(ONE, rows))
    expect([...doc.share.keys()].sort()).toEqual([ENTRIES, STAMPS].sort())
  })
})
