import { CommandError } from '#conversation/commands.ts'
import { createUlid, type Principal } from '#conversation/ids.ts'
import type { Device, OpenConversation } from '#sync/port.ts'
import { body } from '../support/conversations.ts'
import type { Random } from '../simulation/random.ts'
import { agentDevice, visitorDevice } from './sign-in.ts'
import type { Witness } from './witness.ts'

/** An entry that a device has promised to its person: it was on the device's disk. */
export interface Written {
  id: string
  by: Principal
  conversation: string
  kind: 'opened' | 'identified' | 'message' | 'comment' | 'assigned' | 'closed'
  /** Words that stand in it and in no other; empty where an entry has no words. */
  words: string
}

interface Person {
  device: Device
  talks: Map<string, OpenConversation>
}

/** A visitor starts another conversation while there are fewer than this. */
const CONVERSATIONS_A_VISITOR = 2
/** Nobody writes on while so much waits to be sent: a long repair must not become a flood. */
const MOST_WAITING = 60

/**
 * Agents (one of them on two devices) and visitors who write as fast as they are let: the app's own devices, that is
 * unmodified y-websocket providers over the multiplexed socket, with their disks in memory.
 */
export class People {
  readonly written: Written[] = []
  readonly conversations: string[] = []
  readonly agents: Person[] = []
  readonly visitors: Person[] = []
  readonly #random: Random

  private constructor(random: Random) {
    this.#random = random
  }

  static async arrive(random: Random, witness: Witness, port: number): Promise<People> {
    const people = new People(random)
    const site = `127.0.0.1:${port}`
    const arrives = (device: Device): Person => ({ device, talks: new Map() })
    for (const agent of ['ada', 'ada', 'bo']) people.agents.push(arrives(await agentDevice(site, agent, witness)))
    for (let i = 0; i < 3; i++) people.visitors.push(arrives(await visitorDevice(site, witness)))
    return people
  }

  get all(): Person[] {
    return [...this.agents, ...this.visitors]
  }

  get devices(): Device[] {
    return this.all.map(({ device }) => device)
  }

  get waiting(): number {
    return this.devices.reduce((sum, { connection }) => sum + connection.waiting, 0)
  }

  /** Somebody does something; resolves when it is on their device. */
  async act(): Promise<void> {
    if (this.waiting > MOST_WAITING) return
    const dice = this.#random.below(20)
    if (dice < 7) await this.#visitorWrites()
    else if (dice < 12) await this.#agentWrites()
    else if (dice < 14) await this.#agentComments()
    else if (dice < 15) await this.#agentAssigns()
    else await this.#somebodyCloses()
  }

  /** The server is back: nobody waits for a back-off. */
  reconnect(): void {
    for (const device of this.devices) if (device.connection.state === 'offline') device.tryNow()
  }

  /** Every agent looks at every conversation. */
  lookAtAll(): void {
    for (const agent of this.agents) for (const id of this.conversations) look(agent, id)
  }

  async leave(): Promise<void> {
    for (const device of this.devices) await device.close()
  }

  async #visitorWrites(): Promise<void> {
    const visitor = this.#random.pick(this.visitors)
    if (visitor === undefined) return
    const few = visitor.talks.size < CONVERSATIONS_A_VISITOR
    const talk = few && this.#random.chance(0.3) ? await this.#begin(visitor) : this.#random.pick(talksOf(visitor))
    if (talk !== undefined) await this.#write(visitor, talk, 'message', (words) => talk.write.message(body(words)))
  }

  async #begin(visitor: Person): Promise<OpenConversation> {
    const id = createUlid({ now: () => Date.now(), random: this.#random.bytes })
    const talk = look(visitor, id)
    const page = { url: 'https://example.com/', title: 'Home', referrer: '' }
    await this.#write(visitor, talk, 'opened', () => talk.write.open({ inbox: 'demo', page, locale: 'en' }))
    const email = `${id.toLowerCase()}@example.com`
    await this.#write(visitor, talk, 'identified', () => talk.write.identify({ email }))
    this.conversations.push(id)
    return talk
  }

  async #agentWrites(): Promise<void> {
    const at = this.#agentAtWork()
    if (at === null) return
    await this.#write(at.person, at.talk, 'message', (words) => at.talk.write.message(body(words)))
  }

  async #agentComments(): Promise<void> {
    const at = this.#agentAtWork()
    if (at === null) return
    await this.#write(at.person, at.talk, 'comment', (words) => at.talk.write.comment(body(words), []))
  }

  async #agentAssigns(): Promise<void> {
    const at = this.#agentAtWork()
    const to = this.#random.pick(this.agents)?.device.principal ?? null
    if (at !== null) await this.#write(at.person, at.talk, 'assigned', () => at.talk.write.assign(to))
  }

  async #somebodyCloses(): Promise<void> {
    const visitor = this.#random.pick(this.visitors)
    const byVisitor = this.#random.chance(0.2) && visitor !== undefined
    const person = byVisitor ? visitor : this.#agentAtWork()?.person
    const talk = person === undefined ? undefined : this.#random.pick(talksOf(person))
    // Where it is closed already, a close says nothing: now and then somebody says it all the same.
    if (person === undefined || talk === undefined) return
    if (talk.view.status === 'closed' && this.#random.chance(0.9)) return
    await this.#write(person, talk, 'closed', () => talk.write.close())
  }

  #agentAtWork(): { person: Person; talk: OpenConversation } | null {
    const person = this.#random.pick(this.agents)
    const rows = person?.device.inbox.conversations.filter(({ id }) => this.conversations.includes(id))
    const id = this.#random.pick(rows ?? [])?.id
    return person === undefined || id === undefined ? null : { person, talk: look(person, id) }
  }

  async #write(
    { device }: Person,
    talk: OpenConversation,
    kind: Written['kind'],
    write: (words: string) => Promise<string>,
  ): Promise<void> {
    const words = `word-${this.written.length}-of-${kind}.`
    try {
      const id = await write(words)
      const wordy = kind === 'message' || kind === 'comment'
      this.written.push({ id, by: device.principal, conversation: talk.id, kind, words: wordy ? words : '' })
    } catch (error) {
      // What the app does not let people do: an agent whose device knows of a conversation, but not yet how it began.
      if (!(error instanceof CommandError)) throw error
    }
  }
}

function look(person: Person, conversation: string): OpenConversation {
  const known = person.talks.get(conversation) ?? person.device.open(conversation)
  person.talks.set(conversation, known)
  return known
}

function talksOf({ talks }: Person): OpenConversation[] {
  return [...talks.values()]
}
