import { createContext } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import { areCharacters, ariaKeys, isStroke, keysInWords, strokesOf, type Keys } from './keys.ts'
import { singleKeys } from './single-keys.svelte.ts'

/** Something that a person can ask for. */
export interface Command {
  id: string
  /** Asked for when it is shown, in the language of that moment. */
  name: () => string
  /** The first is the one that buttons show; none: it is in the palette alone. */
  keys: readonly Keys[]
  /** `field`: bound by the part that has the focus, with {@link pressed}; the help lists it, the palette does not. */
  where?: 'page' | 'field'
}

/** Commands that belong together, under one heading. */
export interface Section {
  name: () => string
  commands: readonly Command[]
}

/** What a command does here, and whether there is anything for it to do. */
export type Answer = (() => void) | { run: () => void; applies: () => boolean }

/** Between two strokes of `g m` there may be so many ms. */
const PATIENCE = 1500

/** Whether an event is one of a command's keys: for the fields that bind them. */
export function pressed(command: Pick<Command, 'keys'>, event: KeyboardEvent): boolean {
  return command.keys.some((keys) => isStroke(keys, event))
}

/**
 * The one table of a page's commands. Its key bindings, the keys on its buttons, its help and its palette are all read
 * from here. A command that nobody answers does nothing, and its key stays the browser's.
 */
export class Commands {
  readonly sections: readonly Section[]
  readonly #answers = new SvelteMap<string, Answer>()
  #begun: { stroke: string; at: number } | null = null

  constructor(sections: readonly Section[]) {
    this.sections = sections
  }

  /** Answers commands until the returned function is called. The last to answer wins. */
  answer(answers: Record<string, Answer>): () => void {
    for (const [id, answer] of Object.entries(answers)) this.#answers.set(this.#command(id).id, answer)
    return () => {
      for (const [id, answer] of Object.entries(answers)) {
        if (this.#answers.get(id) === answer) this.#answers.delete(id)
      }
    }
  }

  /** Whether a command would do something now. */
  applies(id: string): boolean {
    const answer = this.#answers.get(id)
    return answer !== undefined && (typeof answer === 'function' || answer.applies())
  }

  /** Does it, if it applies. Returns whether it does. */
  run(id: string): boolean {
    const answer = this.#answers.get(id)
    if (answer === undefined || !this.applies(id)) return false
    if (typeof answer === 'function') answer()
    else answer.run()
    return true
  }

  /** The keys that work now: single letters can be switched off. */
  keysOf(command: Command): readonly Keys[] {
    return singleKeys.on ? command.keys : command.keys.filter((keys) => !areCharacters(keys))
  }

  /** The key that a button's title shows, or null. */
  hint(id: string): string | null {
    const [keys] = this.keysOf(this.#command(id))
    return keys === undefined ? null : keysInWords(keys)
  }

  /** The key of a button for those who do not see its title: `aria-keyshortcuts`. */
  aria(id: string): string | null {
    const [keys] = this.keysOf(this.#command(id))
    return keys === undefined ? null : ariaKeys(keys)
  }

  /** For the window's keydown. While somebody types or has something open before the page, it leaves keys alone. */
  handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || isModifier(event.key) || somethingIsOpen()) return
    const begun = this.#begun !== null && event.timeStamp - this.#begun.at < PATIENCE ? this.#begun.stroke : null
    this.#begun = null
    const typing = event.target instanceof Element && event.target.closest(TYPING) !== null
    const bound = this.#bound().filter(({ keys }) => !typing || keys.startsWith('mod+'))
    if (begun === null && this.#begins(bound, event)) return
    const found = bound.find(({ keys }) => {
      const [first = '', second] = strokesOf(keys)
      return second === undefined
        ? begun === null && isStroke(first, event)
        : first === begun && isStroke(second, event)
    })
    if (found !== undefined && this.run(found.id)) event.preventDefault()
  }

  /** Whether it is the first of several strokes: then the second is waited for, and nothing else is done. */
  #begins(bound: { keys: Keys }[], event: KeyboardEvent): boolean {
    const stroke = bound
      .map(({ keys }) => strokesOf(keys))
      .find(([first, second]) => second && isStroke(first ?? '', event))
    if (stroke?.[0] === undefined) return false
    this.#begun = { stroke: stroke[0], at: event.timeStamp }
    event.preventDefault()
    return true
  }

  #bound(): { id: string; keys: Keys }[] {
    return this.sections
      .flatMap(({ commands }) => commands)
      .filter((command) => command.where !== 'field')
      .flatMap((command) => this.keysOf(command).map((keys) => ({ id: command.id, keys })))
  }

  #command(id: string): Command {
    const command = this.sections.flatMap(({ commands }) => commands).find((each) => each.id === id)
    if (command === undefined) throw new Error(`No command is called "${id}".`)
    return command
  }
}

const TYPING = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]'
const OPEN = '[role="dialog"][data-state="open"], [role="menu"][data-state="open"]'

function somethingIsOpen(): boolean {
  return document.querySelector(OPEN) !== null
}

function isModifier(key: string): boolean {
  return key === 'Shift' || key === 'Control' || key === 'Meta' || key === 'Alt' || key === 'CapsLock'
}

/** The page's commands, for buttons that show their key. */
export const [commandsOfPage, setCommandsOfPage] = createContext<Commands>()
