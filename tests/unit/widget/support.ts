import { createUlid, type Ids } from '#conversation/ids.ts'
import { ada, bo, testIds, visitor } from '../../support/conversations.ts'
import { Chat } from '../../../src/widget/chat.svelte.ts'
import type { Place } from '../../../src/widget/parent.ts'
import type { Kept, ToLoader, Who } from '../../../src/widget/protocol.ts'
import type { Session } from '../../../src/widget/session.ts'
import { FakeDevice } from './fake-device.ts'

export const visitorId = visitor.slice('visitor:'.length)

export function session(change: Partial<Session> = {}): Session {
  return {
    token: 'secret',
    visitor: { id: visitorId },
    inbox: {
      key: 'demo',
      name: 'Lumen & Oak',
      greeting: 'Hello.',
      color: '#0f6a68',
      side: 'right',
      availability: null,
    },
    agents: {
      [ada]: { name: 'Ada Brandt', avatar: 'violet', active: true },
      [bo]: { name: 'Bo Ek', avatar: null, active: true },
    },
    conversations: [],
    ...change,
  }
}

/** A website's page, as far as the app can see it. */
export class FakePlace implements Place {
  readonly framed = true
  readonly told: ToLoader[] = []
  #kept: Kept | null
  #shown: boolean
  #who: Who | null = null
  #text: string | null = null
  #ending: 'now' | 'sent' | null = null
  readonly #listeners = new Set<() => void>()

  constructor({ kept = null, shown = true }: { kept?: Kept | null; shown?: boolean } = {}) {
    this.#kept = kept
    this.#shown = shown
  }

  kept = () => this.#kept
  keep(kept: Kept | null) {
    this.#kept = kept
  }
  page = async () => ({ url: 'https://example.com/lamps', title: 'Lamps', referrer: '' })
  who = () => this.#who
  takeText() {
    const text = this.#text
    this.#text = null
    return text
  }
  ending = () => this.#ending
  shown = () => this.#shown
  tell(message: ToLoader) {
    this.told.push(message)
  }
  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  show(shown: boolean) {
    this.#shown = shown
    this.#emit()
  }
  /** Another tab of the website has changed what is kept. */
  change(kept: Kept | null) {
    this.#kept = kept
    this.#emit()
  }
  /** The website says who the visitor is. */
  identify(who: Who) {
    this.#who = who
    this.#emit()
  }
  /** The website puts words into the composer. */
  offer(text: string) {
    this.#text = text
    this.#emit()
  }
  /** The website wants the visitor forgotten. */
  end(ending: 'now' | 'sent') {
    this.#ending = ending
    this.#emit()
  }
  /** The events that the website was told, by name. */
  get events(): [string, object][] {
    return this.told.flatMap((each) => (each.is === 'event' ? [[each.name, each.detail] as [string, object]] : []))
  }
  /** What the launcher was last told to count. */
  get unread(): number | undefined {
    return this.told.filter((each) => each.is === 'unread').at(-1)?.count
  }

  #emit() {
    for (const listener of this.#listeners) listener()
  }
}

export function startChat(given: { place?: FakePlace; conversation?: string | null; session?: Session } = {}) {
  const ids: Ids = testIds()
  const place = given.place ?? new FakePlace({ kept: { token: 'secret', visitor: visitorId } })
  const device = new FakeDevice(visitor, ids)
  const tab = { visible: true }
  const chat = new Chat({
    device,
    place,
    ids,
    session: given.session ?? session(),
    locale: 'en',
    visible: () => tab.visible,
    conversation: given.conversation ?? null,
  })
  const talk = () => {
    const found = device.talks.get(chat.conversation ?? '')
    if (found === undefined) throw new Error('no conversation has begun')
    return found
  }
  return { chat, device, place, tab, talk, newId: () => createUlid(ids) }
}
