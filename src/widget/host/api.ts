import type { Who } from '../protocol.ts'

/** What a website may do with its chat: `window.Parley`. docs/embedding.md says it to those who write websites. */
export interface ParleyApi {
  /** Opens the panel. */
  show(): void
  hide(): void
  toggle(): void
  /** Opens the panel and puts a text into the composer, which the visitor may send. */
  open(text?: string): void
  /** Who the visitor is; told to the team with the first message, or at once in a conversation that goes on. */
  identify(who: Who): void
  /**
   * Takes the chat off the page and forgets the visitor on this device. False: something that they wrote could not be
   * sent, and so nobody was forgotten; with `discard` it is thrown away.
   */
  shutdown(discard?: boolean): Promise<boolean>
  /** Calls back with each event of that name; returns the end of it. */
  on<Name extends keyof ParleyEvents>(name: Name, listener: (detail: ParleyEvents[Name]) => void): () => void
  /** Makes calls, given as name and arguments: what a page says before the script has loaded. */
  push(...calls: ParleyCall[]): void
}

export interface ParleyEvents {
  /** The launcher is on the page. Who asks later is told at once. */
  ready: undefined
  open: undefined
  close: undefined
  /** How many messages the visitor has not seen, whenever that changes. */
  unread: { count: number }
  conversationStarted: { conversation: string }
  conversationClosed: { conversation: string; by: 'visitor' | 'team' }
}

export type ParleyCall = [name: keyof ParleyApi, ...args: unknown[]]

/** What stands at `window.Parley` while there is no chat: calls that wait for it. */
export type ParleyQueue = ParleyCall[] & {
  /** After a shutdown: puts a new chat on the page, for a new visitor. */
  boot?: () => void
}
