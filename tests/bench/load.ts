import type { Round } from './round.ts'
import type { Company, Saying, Speaker, Talk } from './talk.ts'

/** The shapes of load, which are the same for all contenders. */

export interface Line {
  talk: Talk
  speaker: Speaker
  saying: Saying
}

/**
 * Everything that is said, in the order in which it is: round by round, everybody says one thing, in an order that is
 * shuffled for each round (the same in every run), so that neighbours are not of one room.
 */
export function script({ talks }: Company): Line[] {
  const all = talks.flatMap((talk) => talk.speakers.map((speaker) => ({ talk, speaker })))
  const rounds = Math.max(...all.map(({ speaker }) => speaker.sayings.length))
  const next = shuffler(42)
  const lines: Line[] = []
  for (let round = 0; round < rounds; round++) {
    for (const { talk, speaker } of next(all)) {
      const saying = speaker.sayings[round]
      if (saying !== undefined) lines.push({ talk, speaker, saying })
    }
  }
  return lines
}

/** As fast as it is taken: never more than so many entries that somebody has not heard yet. */
export async function flood(round: Round, lines: readonly Line[], underWay: number): Promise<void> {
  for (const { talk, speaker, saying } of lines) {
    if (round.underWay >= underWay) await round.until(() => round.underWay < underWay)
    round.say(talk, speaker, saying)
  }
  await round.until(() => round.underWay === 0)
}

/** So many a second, evenly, whether the server keeps up or not. */
export async function stream(round: Round, lines: readonly Line[], perSecond: number): Promise<void> {
  const start = performance.now()
  for (let sent = 0; sent < lines.length;) {
    const due = Math.min(lines.length, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1)
    for (const { talk, speaker, saying } of lines.slice(sent, due)) round.say(talk, speaker, saying)
    sent = Math.max(sent, due)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await round.until(() => round.underWay === 0)
}

/** Fisher and Yates with a linear congruential generator (Numerical Recipes): good enough to mix, and repeatable. */
function shuffler(seed: number): <T>(all: readonly T[]) => T[] {
  let state = seed
  return (all) => {
    const mixed = [...all]
    for (let i = mixed.length - 1; i > 0; i--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const j = state % (i + 1)
      const [a, b] = [mixed[i], mixed[j]]
      if (a !== undefined && b !== undefined) [mixed[i], mixed[j]] = [b, a]
    }
    return mixed
  }
}
