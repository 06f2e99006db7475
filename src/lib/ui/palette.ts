import type { Kept } from './kept.ts'
import type { Keys } from './keys.ts'

/** Something that the palette can do or go to. */
export interface Choice {
  id: string
  name: string
  /** More words that it is found by; shown after the name. */
  note?: string
  /** A word at the far end, such as a state. */
  mark?: string
  keys?: Keys
  run: () => void
}

export interface ChoiceGroup {
  name: string
  choices: readonly Choice[]
  /** Shown only once it is asked for: too many to be read through. At most so many are found. */
  most?: number
}

/**
 * What the palette shows for a query: the best group first, and in it the best match. Without a query, what was chosen
 * last comes first, then everything that is few enough.
 *
 * @param recent ids of what was chosen, the last first
 */
export function find(
  groups: readonly ChoiceGroup[],
  query: string,
  recent: { name: string; ids: readonly string[] },
): ChoiceGroup[] {
  const words = simple(query).split(' ').filter(Boolean)
  return words.length === 0 ? listed(groups, recent) : matched(groups, words, recent.ids)
}

function listed(groups: readonly ChoiceGroup[], recent: { name: string; ids: readonly string[] }): ChoiceGroup[] {
  const wanted = new Set(recent.ids)
  const known = new Map<string, Choice>()
  for (const { choices } of groups) for (const each of choices) if (wanted.has(each.id)) known.set(each.id, each)
  const again = recent.ids.flatMap((id) => known.get(id) ?? [])
  const rest = groups
    .filter(({ most }) => most === undefined)
    .map((group) => ({ ...group, choices: group.choices.filter(({ id }) => !wanted.has(id)) }))
  return [{ name: recent.name, choices: again }, ...rest].filter(({ choices }) => choices.length > 0)
}

function matched(groups: readonly ChoiceGroup[], words: string[], recent: readonly string[]): ChoiceGroup[] {
  return groups
    .map((group) => {
      const found = group.choices
        .map((choice) => ({ choice, rank: rank(choice, words, recent) }))
        .filter((each) => each.rank > 0)
        .sort((a, b) => b.rank - a.rank)
        .slice(0, group.most)
      return { best: found[0]?.rank ?? 0, group: { ...group, choices: found.map(({ choice }) => choice) } }
    })
    .filter(({ best }) => best > 0)
    .sort((a, b) => b.best - a.best)
    .map(({ group }) => group)
}

/** How well a choice answers to all of the words; 0: not. A name counts more than a note, a beginning more than a middle. */
function rank({ id, name, note = '' }: Choice, words: string[], recent: readonly string[]): number {
  const [title, more] = [simple(name), simple(note)]
  let sum = 0
  for (const word of words) {
    const found = rankIn(title, word) * 4 || rankIn(more, word)
    if (found === 0) return 0
    sum += found
  }
  return sum / words.length + (recent.includes(id) ? 0.5 : 0)
}

function rankIn(text: string, word: string): number {
  const at = text.indexOf(word)
  if (at === -1) return 0
  if (at === 0) return 3
  return text.includes(` ${word}`) ? 2 : 1
}

/** Without capitals and accents, which nobody types when in a hurry. */
function simple(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** What was chosen last, kept on this device for one person. */
export class Recent {
  readonly #kept: Kept
  readonly #key: string

  /** @param whose the principal: another person at this browser has chosen other things */
  constructor(kept: Kept, whose: string) {
    this.#kept = kept
    this.#key = `parley.recent/${whose}`
  }

  /** The last first. */
  get ids(): string[] {
    return (this.#kept.read(this.#key) ?? '').split(' ').filter(Boolean)
  }

  add(id: string): void {
    this.#kept.write(this.#key, [id, ...this.ids.filter((each) => each !== id)].slice(0, MOST).join(' '))
  }

  wipe(): void {
    this.#kept.write(this.#key, null)
  }
}

const MOST = 5
