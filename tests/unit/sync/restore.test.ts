import { describe, expect, test } from 'vitest'
import { plainText } from '#conversation/body.ts'
import { readEntry } from '#conversation/entries.ts'
import type { Device, OpenConversation } from '#sync/port.ts'
import { body } from '../../support/conversations.ts'
import { Browser, newId, newPrincipal, until } from './browser.ts'
import { RelayDouble } from './relay-double.ts'
import { deviceOf, FROM, nextProfile, site, words, type Site } from './site.ts'

/** A database put back from a backup, and words erased: what devices do about it by themselves. */

const rest = (...devices: Device[]) =>
  until(() => {
    for (const device of devices) {
      expect(device.connection).toMatchObject({ state: 'live', waiting: 0, refused: 0 })
    }
  })

const known = (talk: OpenConversation) => until(() => expect(talk.view.opened).not.toBeNull())

/** What the store has of a conversation's ledger, as words. */
async function storedWords({ store }: Site, conversation: string, kind: 'thread' | 'team' = 'thread') {
  const rows = await store.entries({ kind, conversation }, 0)
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index))
  return rows.map(({ text }) => {
    const entry = readEntry(kind, text)
    return entry?.kind === 'message' || entry?.kind === 'comment' ? plainText(entry.body) : entry?.kind
  })
}

async function everythingKept(): Promise<string> {
  const found: string[] = []
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error ?? new Error(name))
    })
    for (const store of db.objectStoreNames) {
      const all = await new Promise<unknown[]>((resolve, reject) => {
        const asked = db.transaction(store).objectStore(store).getAll()
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(asked.error ?? new Error(store))
      })
      for (const each of all) {
        found.push(each instanceof Uint8Array ? Buffer.from(each).toString() : JSON.stringify(each))
      }
    }
    db.close()
  }
  return found.join('\n')
}

describe('[D2] a database that is put back from a backup', () => {
  test('gets back what everybody wrote since, once, in order; views, rows and stamps are the store’s', async () => {
    const here = await site()
    const [guest, ada, bo] = [newPrincipal('visitor'), newPrincipal('agent'), newPrincipal('agent')]
    const [visitor, first, second] = [await deviceOf(here, guest), await deviceOf(here, ada), await deviceOf(here, bo)]
    const mine = visitor.open(newId())
    await mine.write.open(FROM)
    await mine.write.message(body('Kept'))
    await until(() => expect(first.inbox.conversations).toHaveLength(1))
    const [atAda, atBo] = [first.open(mine.id), second.open(mine.id)]
    await until(() => expect(words(atBo)).toEqual(['Kept']))
    const backup = await here.store.copy()
    await known(atAda)
    for (const text of ['A1', 'A2', 'A3']) await atAda.write.message(body(text))
    await atAda.write.comment(body('Among us'), [])
    for (const text of ['V1', 'V2']) await mine.write.message(body(text))
    await atBo.write.message(body('B1'))
    for (const talk of [atAda, atBo]) await until(() => expect(words(talk)).toHaveLength(8))
    await until(() => expect(words(mine)).toHaveLength(7))
    await rest(visitor, first, second)

    await here.restore(backup)
    await until(async () => expect(await storedWords(here, mine.id)).toHaveLength(8))
    await until(async () => expect(await storedWords(here, mine.id, 'team')).toEqual(['Among us']))
    await rest(visitor, first, second)
    const stored = (await storedWords(here, mine.id)).slice(1)
    expect(stored[0]).toBe('Kept')
    for (const who of ['A', 'V', 'B']) {
      const own = stored.filter((text) => text?.startsWith(who))
      expect(own).toEqual([...own].sort())
    }
    expect([...stored].sort()).toEqual(['A1', 'A2', 'A3', 'B1', 'Kept', 'V1', 'V2'])
    await until(() => expect(words(mine)).toEqual(stored))
    for (const talk of [atAda, atBo]) {
      await until(() => expect(words(talk).filter((text) => text !== 'Among us')).toEqual(stored))
    }
    const summary = await here.store.summary(mine.id)
    for (const device of [first, second]) {
      await until(() => expect(device.inbox.conversations.map((row) => row.summary)).toEqual([summary]))
    }
  })

  test('also of conversations that nobody looks at, and of those that began since', async () => {
    const here = await site()
    const [guest, ada] = [newPrincipal('visitor'), newPrincipal('agent')]
    const visitor = await deviceOf(here, guest)
    const first = await deviceOf(here, ada)
    const old = visitor.open(newId())
    await old.write.open(FROM)
    await old.write.message(body('Kept'))
    await until(() => expect(first.inbox.conversations).toHaveLength(1))
    const backup = await here.store.copy()

    const fresh = visitor.open(newId())
    await fresh.write.open(FROM)
    await fresh.write.message(body('New'))
    await until(() => expect(first.inbox.conversations).toHaveLength(2))
    const talks: OpenConversation[] = [old, fresh].map(({ id }) => first.open(id))
    for (const talk of talks) await known(talk)
    for (const talk of talks) await talk.write.message(body('Answered'))
    for (const talk of [old, fresh]) await until(() => expect(words(talk)).toContain('Answered'))
    await rest(visitor, first)
    for (const talk of [...talks, old, fresh]) talk.close()

    await here.restore(backup)
    await until(async () => expect(await storedWords(here, old.id)).toEqual(['opened', 'Kept', 'Answered']))
    await until(async () => expect(await storedWords(here, fresh.id)).toEqual(['opened', 'New', 'Answered']))
    await rest(visitor, first)
    await until(() => expect(first.inbox.conversations).toHaveLength(2))
  })

  test('also of a conversation that is on the screen and nowhere else until its visitor comes back', async () => {
    const here = await site()
    const [guest, ada] = [newPrincipal('visitor'), newPrincipal('agent')]
    const profile = nextProfile()
    const first = await deviceOf(here, ada)
    const backup = await here.store.copy()
    const visitor = await deviceOf(here, guest, 'demo', profile)
    const mine = visitor.open(newId())
    await mine.write.open(FROM)
    await mine.write.message(body('New'))
    await until(() => expect(first.inbox.conversations).toHaveLength(1))
    const talk = first.open(mine.id)
    await known(talk)
    await talk.write.message(body('Answered'))
    await until(() => expect(words(mine)).toEqual(['New', 'Answered']))
    await rest(visitor, first)
    await visitor.close()

    await here.restore(backup)
    await until(() => expect(talk.state).toBe('gone'))
    expect(words(talk)).toEqual(['New', 'Answered'])
    const back = await deviceOf(here, guest, 'demo', profile)
    await until(async () => expect(await storedWords(here, mine.id)).toEqual(['opened', 'New', 'Answered']))
    await until(() => expect(talk.state).toBe('synced'))
    await until(() => expect(words(talk)).toEqual(['New', 'Answered']))
    await rest(back, first)
  })

  test('a device that comes back when the store has long got further sees the store’s history, and its own', async () => {
    const here = await site()
    const [guest, ada, bo] = [newPrincipal('visitor'), newPrincipal('agent'), newPrincipal('agent')]
    const profiles = { ada: nextProfile(), bo: nextProfile() }
    const visitor = await deviceOf(here, guest)
    const first = await deviceOf(here, ada, 'demo', profiles.ada)
    const second = await deviceOf(here, bo, 'demo', profiles.bo)
    const mine = visitor.open(newId())
    await mine.write.open(FROM)
    await mine.write.message(body('Kept'))
    await until(() => expect(first.inbox.conversations).toHaveLength(1))
    const backup = await here.store.copy()
    const [atAda, atBo] = [first.open(mine.id), second.open(mine.id)]
    await known(atAda)
    await atAda.write.message(body('Ada before'))
    await until(() => expect(words(atBo)).toEqual(['Kept', 'Ada before']))
    await rest(first, second)
    // Both are gone when the backup is put back, and hold stamps that the store will give to others.
    await first.close()
    await second.close()
    await here.restore(backup)
    for (const text of ['1', '2', '3']) await mine.write.message(body(text))
    await until(async () => expect(await storedWords(here, mine.id)).toEqual(['opened', 'Kept', '1', '2', '3']))

    // Who only read comes first: it must not keep what is nowhere else.
    const reader = await deviceOf(here, bo, 'demo', profiles.bo)
    const readerTalk = reader.open(mine.id)
    await until(() => expect(words(readerTalk)).toEqual(['Kept', '1', '2', '3']))
    const author = await deviceOf(here, ada, 'demo', profiles.ada)
    const whole = ['Kept', '1', '2', '3', 'Ada before']
    await until(async () => expect(await storedWords(here, mine.id)).toEqual(['opened', ...whole]))
    const authorTalk = author.open(mine.id)
    for (const talk of [readerTalk, authorTalk, mine]) await until(() => expect(words(talk)).toEqual(whole))
    await rest(visitor, reader, author)
    expect(authorTalk.view).toEqual(readerTalk.view)
    for (const device of [reader, author]) {
      await until(async () =>
        expect(device.inbox.conversations.map((row) => row.summary)).toEqual([await here.store.summary(mine.id)]),
      )
    }
  })

  test('read marks go on moving', async () => {
    const here = await site()
    const visitor = await deviceOf(here, newPrincipal('visitor'))
    const first = await deviceOf(here, newPrincipal('agent'))
    const mine = visitor.open(newId())
    await mine.write.open(FROM)
    await mine.write.message(body('Kept'))
    await until(() => expect(first.inbox.conversations).toHaveLength(1))
    const backup = await here.store.copy()
    const talk = first.open(mine.id)
    await known(talk)
    await talk.write.message(body('Lost by a browser that is gone'))
    const last = await mine.write.message(body('Read'))
    await until(() => expect(words(talk)).toHaveLength(3))
    talk.markSeen(last)
    await until(() => expect(first.inbox.conversations[0]?.unread).toBe(0))
    await here.restore(backup)
    await rest(visitor, first)
    await until(async () => expect(await storedWords(here, mine.id)).toHaveLength(4))
    await until(() => expect(words(talk)).toHaveLength(3))
    const next = await mine.write.message(body('Newer'))
    await until(() => expect(words(talk)).toContain('Newer'))
    await until(() => expect(first.inbox.conversations[0]?.unread).toBeGreaterThan(0))
    talk.markSeen(next)
    await until(() => expect(first.inbox.conversations[0]?.unread).toBe(0))
    await until(() => expect(mine.seen).toEqual({ team: next }))
  })
})

describe('[D3] words that were erased', () => {
  const shared = newId()
  const SECRET = 'The-Words-That-Must-Go'

  test('leave every device that is there or comes back, also where nobody looks, and are not sent again', async () => {
    const here = await site()
    const [guest, ada, bo] = [newPrincipal('visitor'), newPrincipal('agent'), newPrincipal('agent')]
    const profile = nextProfile()
    const visitor = await deviceOf(here, guest)
    const first = await deviceOf(here, ada)
    const second = await deviceOf(here, bo, 'demo', profile)
    const mine = visitor.open(newId())
    await mine.write.open(FROM)
    const said = await mine.write.message(body(SECRET))
    await until(() => expect(mine.view.timeline.at(-1)?.stamp).not.toBeNull())
    await mine.write.edit(said, body(`${SECRET}, mended`))
    await until(() => expect(second.inbox.conversations).toHaveLength(1))
    const atAda = first.open(mine.id)
    const atBo = second.open(mine.id)
    for (const talk of [mine, atAda, atBo]) await until(() => expect(words(talk)).toEqual([`${SECRET}, mended`]))
    await rest(visitor, first, second)
    // Ada looks no more, Bo's browser is closed: their copies stay on the disk.
    atAda.close()
    await second.close()
    await until(async () => expect(await everythingKept()).toContain(SECRET))

    expect(await here.relay.erase({ kind: 'thread', conversation: mine.id }, said)).toMatchObject({ status: 'erased' })
    await until(() => expect(words(mine)).toEqual([]))
    expect(mine.view.timeline.at(-1)).toMatchObject({ id: said, event: { is: 'erased', was: 'message' } })
    await until(() => expect(first.inbox.conversations[0]?.summary.last).toMatchObject({ entry: said, text: '' }))
    const back = await deviceOf(here, bo, 'demo', profile)
    await until(async () => expect(await everythingKept()).not.toContain(SECRET))
    await rest(visitor, first, back)
    const talk = back.open(mine.id)
    await until(() => expect(talk.view.timeline.at(-1)).toMatchObject({ id: said, event: { is: 'erased' } }))
    expect((await storedWords(here, mine.id)).slice(1)).toEqual(['erased', 'erased'])
    expect(visitor.connection.storage).toBe('kept')
    // All goes on.
    await mine.write.message(body('And then'))
    await until(() => expect(words(talk)).toEqual(['And then']))
    expect(await storedWords(here, mine.id)).toHaveLength(4)
  })

  test('leave with the old copy that several tabs have open; it is no loss of storage to any of them', async () => {
    const relay = new RelayDouble()
    const browser = new Browser(relay, newPrincipal('visitor'))
    const tabs = [await browser.tab(), await browser.tab()]
    const talks = tabs.map((tab) => tab.open(shared))
    await talks[0]?.write.open(FROM)
    await talks[0]?.write.message(body('Shared'))
    for (const talk of talks) await until(() => expect(words(talk)).toEqual(['Shared']))
    const room = relay.room(`conversation/${shared}/thread`)
    const names = async () =>
      (await indexedDB.databases()).flatMap(({ name }) => (name?.includes(shared) ? [name] : []))
    expect(await names()).toHaveLength(1)
    const before = await names()
    room.restart(room.ids)
    await until(async () => {
      expect(await names()).toHaveLength(1)
      expect(await names()).not.toEqual(before)
    })
    for (const [index, tab] of tabs.entries()) {
      await until(() =>
        expect(tab.connection).toMatchObject({ state: 'live', waiting: 0, refused: 0, storage: 'kept' }),
      )
      await until(() => expect(talks[index]?.state).toBe('synced'))
    }
    await talks[1]?.write.message(body('From the other tab'))
    for (const talk of talks) await until(() => expect(words(talk)).toEqual(['Shared', 'From the other tab']))
  })

  test('take with them what was written offline about them: that is refused, and says why', async () => {
    const here = await site()
    const profile = nextProfile()
    const guest = newPrincipal('visitor')
    const visitor = await deviceOf(here, guest, 'demo', profile)
    const mine = visitor.open(newId())
    await mine.write.open(FROM)
    const said = await mine.write.message(body(SECRET))
    await rest(visitor)
    await here.store.erase({ kind: 'thread', conversation: mine.id }, said)
    // The room was not told: to this device the message is still there.
    await mine.write.edit(said, body('Mended'))
    await until(() => expect(visitor.connection).toMatchObject({ waiting: 0, refused: 1 }))
    await until(async () => expect(await everythingKept()).not.toContain(SECRET))
    await until(() => expect(mine.view.timeline.some((item) => item.type === 'message')).toBe(false))
  })
})
