import fc from 'fast-check'
import { expect, test } from 'vitest'
import { erasedForm } from '#conversation/erasure.ts'
import { parseEntry, type Entry } from '#conversation/entries.ts'
import { summarise, type Stamped } from '#conversation/summary.ts'
import { ada, body, bo, visitor } from '../../support/conversations.ts'
import { useStore, type Engine } from './use-store.ts'
import { agent, agentDevice, begin, closed, comment, message, newId, NOW, storedBy, team, thread } from './world.ts'

/** Erasing an entry: its words are gone everywhere, and nothing else is. */
export function eraseTests(engine: Engine): void {
  const world = useStore(engine)

  test('[E8] [E10] the row keeps id, place, author and stamp; the words are gone; the document has a new epoch', async () => {
    const { room, device, message: id } = await begin(world.store)
    await world.store.append([device.says(room, message(visitor, 'Next'))], NOW)
    const before = await world.store.entries(room, 0)
    const erasure = await world.store.erase(room, id)
    expect(erasure).toMatchObject({ status: 'erased', entries: [id] })
    const after = await world.store.entries(room, 0)
    expect(after.map(({ text: _, ...rest }) => rest)).toEqual(before.map(({ text: _, ...rest }) => rest))
    expect(after[1]?.text).toBe(`{"kind":"erased","by":"${visitor}","at":${NOW},"was":"message"}`)
    expect([after[0]?.text, after[2]?.text]).toEqual([before[0]?.text, before[2]?.text])
    const head = await world.store.head(room)
    expect(head?.spans).toHaveLength(1)
    expect(head?.spans[0]).toMatchObject({ from: 0 })
    expect(head?.spans[0]?.epoch).toBeGreaterThan(0)
    // What comes next goes on in that epoch.
    const [result] = (await world.store.append([device.says(room, message(visitor, 'More'))], NOW)).results
    expect(result).toMatchObject({ status: 'stored', epoch: head?.spans[0]?.epoch })
    expect((await world.store.head(room))?.spans).toEqual(head?.spans)
  })

  test('[E9] edits and retractions go with their message; the last words of the summary too', async () => {
    const { room, device, message: id } = await begin(world.store)
    await world.store.append(
      [
        device.says(room, { kind: 'edited', by: visitor, at: NOW, entry: id, body: body('Hello, secretly') }),
        device.says(room, { kind: 'retracted', by: visitor, at: NOW, entry: id }),
      ],
      NOW,
    )
    expect(await world.store.erase(room, id)).toMatchObject({ status: 'erased' })
    const rows = await world.store.entries(room, 0)
    expect(rows.map((row) => JSON.parse(row.text).kind)).toEqual(['opened', 'erased', 'erased', 'erased'])
    expect(JSON.stringify(rows)).not.toContain('Hello')
    expect((await world.store.summary(room.conversation))?.last).toMatchObject({ entry: id, text: '' })
  })

  test('[E10] the row in the feed is newer, says so, and holds no words', async () => {
    await world.store.putAgent(agent(ada, { role: 'admin' }))
    const { room, message: id } = await begin(world.store)
    const { cursor } = await world.store.feed(ada, 0, 100)
    const erasure = await world.store.erase(room, id)
    const { rows } = await world.store.feed(ada, cursor, 100)
    expect(rows).toEqual(erasure.status === 'erased' ? [erasure.row] : [])
    expect(rows[0]).toMatchObject({ kind: 'conversation', erased: rows[0]?.version })
    expect(JSON.stringify(rows)).not.toContain('Hello')
    // What is appended later does not take it back.
    const { rows: next } = await world.store.append([agentDevice(ada).says(room, message(ada, 'Good day'))], NOW)
    expect(next[0]).toMatchObject({ erased: rows[0]?.version })
  })

  test('a comment is erased in the team ledger, and the thread stays as it is', async () => {
    const { room } = await begin(world.store)
    const said = agentDevice(bo).says(team(room), comment(bo, 'A difficult one'))
    await world.store.append([said], NOW)
    const thread = await world.store.head(room)
    expect(await world.store.erase(team(room), said.entries[0]?.id ?? '')).toMatchObject({ status: 'erased' })
    expect(JSON.stringify(await world.store.entries(team(room), 0))).not.toContain('difficult')
    expect(await world.store.head(room)).toEqual(thread)
  })

  test('what is not there, holds no words, or is erased already changes nothing', async () => {
    const { room, message: id } = await begin(world.store)
    const opening = (await world.store.entries(room, 0))[0]?.id ?? ''
    expect(await world.store.erase(thread(), id)).toEqual({ status: 'missing' })
    expect(await world.store.erase(room, newId())).toEqual({ status: 'missing' })
    expect(await world.store.erase(team(room), id)).toEqual({ status: 'missing' })
    expect(await world.store.erase(room, opening)).toMatchObject({ status: 'refused' })
    await world.store.erase(room, id)
    const before = [await world.store.head(room), await world.store.feed(ada, 0, 100)]
    expect(await world.store.erase(room, id)).toEqual({ status: 'known' })
    expect([await world.store.head(room), await world.store.feed(ada, 0, 100)]).toEqual(before)
  })

  test('an erased message still counts as read, blocks a close that has not seen it, and takes no edit', async () => {
    const { room, device, message: first } = await begin(world.store)
    const said = device.says(room, message(visitor, 'Again'))
    await world.store.append([said], NOW)
    const second = said.entries[0]?.id ?? ''
    await world.store.erase(room, second)
    const late = device.says(room, { kind: 'edited', by: visitor, at: NOW, entry: second, body: body('Mended') })
    const close = agentDevice(ada).says(room, closed(ada, first))
    const { results, jobs } = await world.store.append([late, close], NOW)
    expect(results[0]).toMatchObject({ status: 'refused' })
    expect(storedBy(results[1])).toHaveLength(1)
    expect(jobs).toBe(false)
    expect((await world.store.summary(room.conversation))?.status).toBe('open')
    expect((await world.store.markSeen(ada, room, second))?.row).toMatchObject({ entry: second, read: 2 })
    expect((await world.store.markers(room)).get(ada)).toMatchObject({ entry: second })
  })

  test('[S1] the summary is what all that is left comes to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('message', 'reply', 'edit', 'name'), { maxLength: 8 }),
        fc.nat(8),
        async (steps, which) => {
          const { room, device, message: first } = await begin(world.store)
          const colleague = agentDevice(ada)
          const entryOf = (step: string): Entry =>
            step === 'edit'
              ? { kind: 'edited', by: visitor, at: NOW, entry: first, body: body('Mended') }
              : step === 'name'
                ? { kind: 'identified', by: visitor, at: NOW, name: 'Vera' }
                : message(step === 'reply' ? ada : visitor, step)
          for (const step of steps) {
            await world.store.append([(step === 'reply' ? colleague : device).says(room, entryOf(step))], NOW)
          }
          const before = await world.store.entries(room, 0)
          const id = before[which % before.length]?.id ?? ''
          const { status } = await world.store.erase(room, id)
          const stamped = (await world.store.entries(room, 0)).map((row): Stamped => {
            const parsed = parseEntry('thread', row.text)
            if (!parsed.ok) throw new Error(parsed.reason)
            return { id: row.id, ledger: 'thread', entry: parsed.entry, stamp: { index: row.seq, at: row.at } }
          })
          expect(await world.store.summary(room.conversation)).toEqual(summarise(room.conversation, stamped))
          const erasable = stamped.some(
            (each) =>
              each.id === id &&
              (each.entry.kind === 'erased' || erasedForm(each.entry) === null || each.entry.kind === 'edited'),
          )
          expect(['erased', 'refused']).toContain(status)
          expect(erasable).toBe(true)
        },
      ),
      { numRuns: 40 },
    )
  })
}
