import type { InboxSettings, SettingFault } from '#conversation/inboxes.ts'
import type { Answer, InboxAnswer, SettingsApi } from './api.ts'
import { differing, faultsOf, NO_FAULTS, pick, settingsOf, type Setting } from './setting-values.ts'
import { inOrder } from './week.ts'

/** What became of saving. */
export type Saving =
  | { is: 'idle' }
  | { is: 'saving' }
  | { is: 'saved' }
  | { is: 'offline' }
  | { is: 'faulty' }
  | { is: 'refused'; status: number }
  /** Somebody else has changed `over` since, and so has who edits here. */
  | { is: 'conflict'; theirs: InboxAnswer; over: Setting[] }

/** One inbox's settings while somebody edits them: all sections share it, so that none loses what is typed. */
export class InboxForm {
  readonly #api: SettingsApi
  /** What the server had when it was last asked. */
  #base: InboxAnswer = $state.raw() as InboxAnswer
  #saving: Saving = $state.raw({ is: 'idle' })
  /** Faults show once somebody has tried to save: not while a field is being filled in. */
  #tried = $state(false)
  #told: ReadonlyMap<string, SettingFault> = $state.raw(NO_FAULTS)
  /** What the fields show. */
  fields: InboxSettings = $state() as InboxSettings

  readonly #faults = $derived(faultsOf(this.#written))

  constructor(inbox: InboxAnswer, api: SettingsApi) {
    this.#api = api
    this.#base = inbox
    this.fields = settingsOf(inbox)
  }

  get base(): InboxAnswer {
    return this.#base
  }

  get saving(): Saving {
    return this.#saving
  }

  /** The settings that are not as the server has them. */
  get changed(): Setting[] {
    return differing(this.#written, this.#base)
  }

  get dirty(): boolean {
    return this.changed.length > 0
  }

  /** What is wrong at a path, once it is to be said; with `early` as soon as it is. */
  faultAt(path: string, early = false): SettingFault | null {
    return (this.#tried || early ? this.#faults.get(path) : undefined) ?? this.#told.get(path) ?? null
  }

  /** Whether something of a setting is wrong, and to be said. */
  isFaulty(setting: Setting): boolean {
    const paths = [...(this.#tried ? this.#faults.keys() : []), ...this.#told.keys()]
    return paths.some((path) => path === setting || path.startsWith(`${setting}.`))
  }

  /** Saves what has changed, and nothing else. */
  async save(): Promise<void> {
    if (this.#saving.is === 'saving') return
    this.#tried = true
    this.#told = NO_FAULTS
    if (this.#faults.size > 0) {
      this.#saving = { is: 'faulty' }
      return
    }
    this.#saving = { is: 'saving' }
    this.#saving = await this.#send(true)
  }

  /** Back to what the server has. */
  discard(): void {
    this.#restart(this.#base)
  }

  /** After a conflict: their values for what both have changed; what only was changed here stays. */
  takeTheirs(): void {
    if (this.#saving.is !== 'conflict') return
    const { theirs, over } = this.#saving
    this.#moveTo(theirs, over)
    this.#saving = { is: 'idle' }
  }

  /** After a conflict: what is written here, over theirs. */
  async saveMine(): Promise<void> {
    if (this.#saving.is !== 'conflict') return
    this.#moveTo(this.#saving.theirs, [])
    this.#saving = { is: 'idle' }
    await this.save()
  }

  async #send(again: boolean): Promise<Saving> {
    const written = this.#written
    const change = Object.fromEntries(this.changed.map((setting) => [setting, written[setting]]))
    const answer = await this.#api.change(this.#base.key, this.#base.version, change)
    switch (answer.is) {
      case 'ok':
        this.#saved(answer.value, written)
        return { is: 'saved' }
      case 'conflict':
        return this.#meet(await this.#api.inbox(this.#base.key), again)
      case 'faulty':
        this.#told = answer.faults
        return { is: 'faulty' }
      default:
        return answer
    }
  }

  /** What others have saved meanwhile: where nobody changed the same, both stand. */
  async #meet(answer: Answer<InboxAnswer>, again: boolean): Promise<Saving> {
    if (answer.is !== 'ok') return answer.is === 'refused' ? answer : { is: 'offline' }
    const theirs = answer.value
    const others = differing(theirs, this.#base)
    const over = differing(this.#written, theirs).filter(
      (setting) => others.includes(setting) && this.changed.includes(setting),
    )
    // Twice in a row somebody was faster: who edits here decides, rather than a race.
    if (over.length > 0 || !again) return { is: 'conflict', theirs, over }
    this.#moveTo(theirs, [])
    return this.#send(false)
  }

  /** The server's answer is the new base; what was typed while it was on its way stays typed. */
  #saved(answer: InboxAnswer, sent: InboxSettings): void {
    const since = differing(this.#written, sent)
    this.#base = answer
    this.fields = { ...settingsOf(answer), ...pick(this.#written, since) }
    this.#tried = false
  }

  /** Another base under what is written; only the settings in `dropped` go to the base's values. */
  #moveTo(base: InboxAnswer, dropped: Setting[]): void {
    const kept = this.changed.filter((setting) => !dropped.includes(setting))
    const written = pick(this.#written, kept)
    this.#base = base
    this.fields = { ...settingsOf(base), ...written }
  }

  #restart(base: InboxAnswer): void {
    this.#base = base
    this.fields = settingsOf(base)
    this.#tried = false
    this.#told = NO_FAULTS
    this.#saving = { is: 'idle' }
  }

  /** The fields as they would be saved. */
  get #written(): InboxSettings {
    const written = $state.snapshot(this.fields)
    return { ...written, hours: inOrder(written.hours), fromAddress: written.fromAddress?.trim() || null }
  }
}
