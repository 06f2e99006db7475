import type { Contender } from './contenders.ts'
import { Seat } from './seat.ts'
import type { Ready } from './servers/serve.ts'
import type { Company, Saying, Speaker, Talk } from './talk.ts'

/** One thing to say, and what has to be heard before. */
interface Under {
  saying: Saying
  /** Receivers that have not heard it yet. */
  left: number
  sentAt: number
}

/**
 * Everybody in their seats: says things, and checks that each is heard once, as it was said, in every seat of its
 * room. Anything else fails the benchmark.
 */
export class Round {
  readonly #contender: Contender
  readonly #ready: Ready
  readonly #seats = new Map<Speaker, Seat>()
  readonly #under = new Map<string, Under>()
  readonly #failed = Promise.withResolvers<never>()
  #changed = Promise.withResolvers<void>()
  /** From sending to the last receiver, in ms, in the order in which it was heard by all. */
  readonly latencies: number[] = []

  constructor(contender: Contender, ready: Ready) {
    this.#contender = contender
    this.#ready = ready
    // Somebody asks for it each time they wait; until then it is nobody's error.
    this.#failed.promise.catch(() => {})
  }

  get underWay(): number {
    return this.#under.size
  }

  /** Seats everybody, a hundred at a time: the visitor begins, then the others come. */
  async begin({ talks }: Company): Promise<void> {
    await this.#inTurn(talks, async (talk) => {
      const [visitor, ...agents] = talk.speakers
      if (visitor === undefined) return
      await this.#sit(talk, visitor)
      this.say(talk, visitor, talk.opening, 1)
      await this.until(() => !this.#under.has(talk.opening.id))
      for (const agent of agents) await this.#sit(talk, agent)
    })
    this.latencies.length = 0
  }

  /** Says one thing; so many seats must hear it. */
  say(talk: Talk, speaker: Speaker, saying: Saying, seats = talk.speakers.length): void {
    this.#under.set(saying.id, { saying, left: seats, sentAt: performance.now() })
    this.#seats.get(speaker)?.say(saying.message)
  }

  async until(so: () => boolean): Promise<void> {
    while (!so()) await Promise.race([this.#changed.promise, this.#failed.promise])
  }

  /** How many updates came to all seats so far. */
  get frames(): number {
    return [...this.#seats.values()].reduce((sum, seat) => sum + seat.frames, 0)
  }

  /** Ids in the order of their stamps for each talk; all seats that have stamps must have the same. */
  stamps({ talks }: Company): string[][] {
    return talks.map((talk) => {
      const all = talk.speakers.map((speaker) => this.#seats.get(speaker)?.stamps ?? [])
      const [first = []] = all
      if (all.some((each) => each.join() !== first.join())) throw new Error(`${talk.name}: seats differ in their order`)
      return first
    })
  }

  async end(): Promise<void> {
    await Promise.all([...this.#seats.values()].map((seat) => seat.leave()))
  }

  async #sit(talk: Talk, speaker: Speaker): Promise<void> {
    const heard = new Set<string>()
    const seat = new Seat({
      contender: this.#contender,
      ready: this.#ready,
      chair: speaker.chair,
      heard: (id, text) => {
        if (heard.has(id)) return this.#fail(`${talk.name}: ${id} was heard twice`)
        heard.add(id)
        this.#heard(id, text)
      },
      failed: (why) => this.#fail(why),
    })
    this.#seats.set(speaker, seat)
    await Promise.race([seat.joined, this.#failed.promise])
  }

  #heard(id: string, text: string): void {
    const under = this.#under.get(id)
    // What was said before somebody sat down reaches them with their sync step 2.
    if (under === undefined) return
    if (under.saying.text !== text) return this.#fail(`${id} was heard as something else`)
    under.left--
    if (under.left > 0) return
    this.#under.delete(id)
    this.latencies.push(performance.now() - under.sentAt)
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }

  #fail(why: string): void {
    this.#failed.reject(new Error(why))
  }

  async #inTurn(talks: Talk[], work: (talk: Talk) => Promise<void>): Promise<void> {
    const waiting = [...talks]
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
    }
    await Promise.all(Array.from({ length: 20 }, worker))
  }
}
