/**
 * What the loader (on the host page) and the app (in the iframe) tell each other by postMessage. Both sides check the
 * source window and the origin of every message, and neither ever posts to `*`. Unknown messages are ignored: one side
 * may come from a cache and be older than the other.
 */

/** What the host page keeps for the visitor. The iframe's own storage is partitioned, and Safari clears it. */
export interface Kept {
  /** The visitor's token: whoever holds it is this visitor. */
  token: string
  /** The visitor's id, a ULID. */
  visitor: string
  /** The conversation that is on the screen, if one has begun. */
  conversation?: string
  /** The last entry of that conversation that the visitor has seen. */
  read?: string
  /** The conversation in which the visitor did not want to leave an address. */
  unasked?: string
}

/** The page on which the widget is, for `opened`. */
export interface Page {
  url: string
  title: string
  referrer: string
}

/** What the launcher takes from the inbox. */
export interface Look {
  /** `#rrggbb` */
  color: string
  side: 'left' | 'right'
  /** What the launcher says, in the page's language; null until the widget is built. */
  words?: LauncherWords | null
}

/** `one` and `other` hold `{count}`: how many new messages there are. */
export type LauncherWords = Record<'open' | 'close' | 'one' | 'other' | 'failed', string>

/** Who the visitor is, by the website's word. */
export interface Who {
  email?: string
  name?: string
  phone?: string
}

/** Where the panel takes the whole screen: phones, upright or on their side. */
export const WHOLE_SCREEN = '(max-width:480px),(max-height:480px)'

export type ToApp =
  /** The answer to `hello`. */
  | { is: 'start'; kept: Kept | null; who: Who | null }
  /** `text`: to be put into the composer. */
  | { is: 'shown'; text?: string | undefined }
  | { is: 'hidden' }
  /** The answer to `page`. */
  | { is: 'page'; page: Page }
  | { is: 'identify'; who: Who }
  /** Forget the visitor; without `discard`, only after everything that was written is sent. */
  | { is: 'end'; discard: boolean }
  /** Another tab of the website has changed what is kept. */
  | { is: 'kept'; kept: Kept | null }

export type ToLoader =
  /** There is an app, and it is on its way. */
  | { is: 'here' }
  /** The app runs, and waits for `start`; how its panel looks. */
  | { is: 'hello'; style: string }
  | { is: 'keep'; kept: Kept | null }
  | { is: 'look'; look: Look }
  | { is: 'unread'; count: number }
  | { is: 'close' }
  /** Which page is the visitor on now? */
  | { is: 'page' }
  /** Something that the website may listen to. */
  | { is: 'event'; name: string; detail: object }
  /** The answer to `end`: whether the visitor was forgotten. */
  | { is: 'ended'; forgotten: boolean }

/** The message in its envelope, for postMessage. */
export function seal(message: ToApp | ToLoader): object {
  return { parley: message }
}

/** The message of an envelope, or null if it is none of ours. Its fields are the receiver's to check. */
export function unseal(data: unknown): ({ is: string } & Record<string, unknown>) | null {
  const message = (data as { parley?: { is: string } } | null)?.parley
  return typeof message?.is === 'string' ? message : null
}

/** Reads what was kept; null if it is not of this form. */
export function readKept(value: unknown): Kept | null {
  if (!isRecord(value)) return null
  const { token, visitor, conversation, read, unasked } = value
  if (typeof token !== 'string' || typeof visitor !== 'string') return null
  return {
    token,
    visitor,
    ...(typeof conversation === 'string' && { conversation }),
    ...(typeof read === 'string' && { read }),
    ...(typeof unasked === 'string' && { unasked }),
  }
}

/** Reads a page; what is missing is empty. */
export function readPage(value: unknown): Page {
  const page = isRecord(value) ? value : {}
  const text = (each: unknown) => (typeof each === 'string' ? each : '')
  return { url: text(page.url), title: text(page.title), referrer: text(page.referrer) }
}

/** Reads who the visitor is; what is no text, or empty, was not said. */
export function readWho(value: unknown): Who | null {
  const who = isRecord(value) ? value : {}
  const said = (['email', 'name', 'phone'] as const).flatMap((key) => {
    const text = who[key]
    return typeof text === 'string' && text.trim() !== '' ? [[key, text.trim()]] : []
  })
  return said.length === 0 ? null : Object.fromEntries(said)
}

/** The page as `opened` may name it: addresses of the web, or none. */
export function webPage({ url, title, referrer }: Page): Page {
  const address = (text: string) => (/^https?:\/\//i.test(text) ? text : '')
  return { url: address(url), title, referrer: address(referrer) }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
