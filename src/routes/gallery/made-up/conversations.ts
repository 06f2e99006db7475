import { bodyFromText, type Body } from '#conversation/body.ts'
import { fold } from '#conversation/fold.ts'
import type { Entry, UnknownEntry } from '#conversation/entries.ts'
import type { ConversationView, FoldEntry } from '#conversation/view.ts'
import type { PeerPresence } from '#conversation/wire.ts'
import type { OpenConversation } from '#sync/port.ts'
import { ME, VISITOR } from './people.ts'

/** Conversations that are not on any server: real entries through the real fold. */

const MINUTE = 60_000
export const NOW = Date.now()

type WithoutWhen<E> = E extends unknown ? Omit<E, 'at'> : never
/** An entry, when (minutes before now), and what became of it. */
export interface Line {
  entry: WithoutWhen<Entry | UnknownEntry>
  before: number
  /** Named by an entry that edits, retracts or has seen it. */
  id?: string
  /** `waiting`: on this device alone. */
  is?: 'stored' | 'waiting'
  refused?: string
  /** Written so many minutes before it was stored. */
  late?: number
}

export function words(text: string): Body {
  return bodyFromText(text) ?? { type: 'doc', content: [{ type: 'paragraph' }] }
}

export const opened = {
  kind: 'opened',
  by: VISITOR,
  inbox: 'demo',
  page: { url: 'https://lamps.example.com/reading', title: 'Reading lamps', referrer: 'https://search.example.com/' },
  locale: 'en-GB',
} as const

export const says = (text: string) => ({ kind: 'message', by: VISITOR, channel: 'chat', body: words(text) }) as const
export const answers = (text: string, by = ME) => ({ kind: 'message', by, channel: 'chat', body: words(text) }) as const
export const notes = (text: string, by = ME): Line['entry'] => ({
  kind: 'comment',
  by,
  body: words(text),
  mentions: [],
})

const named: string[] = []

/** An id by a short name; the same for the same name. */
export function idOf(name: string): string {
  if (!named.includes(name)) named.push(name)
  return `01HV0DEM0${String(named.indexOf(name)).padStart(17, '0')}`
}

let views = 0

/** What the fold makes of the lines, in their order. Whoever answers has seen all that stands before, unless a line says otherwise. */
export function viewOf(lines: readonly Line[]): ConversationView {
  const view = views++
  const next = { thread: 0, team: 0 }
  let seen: string | undefined
  return fold(
    lines.map(({ entry, before, id: name, is = 'stored', refused, late = 0 }, place): FoldEntry => {
      const id = idOf(name ?? `${view}/${place}`)
      const ledger = entry.kind === 'comment' || entry.kind === 'assigned' ? 'team' : 'thread'
      const at = NOW - before * MINUTE
      const sees = entry.kind === 'message' && seen !== undefined ? { seen } : {}
      if (ledger === 'thread') seen = id
      return {
        ledger,
        id,
        entry: { ...sees, ...entry, at: at - late * MINUTE } as Entry | UnknownEntry,
        stamp: is === 'waiting' || refused !== undefined ? null : { index: next[ledger]++, at: at + place },
        ...(refused !== undefined && { refused }),
      }
    }),
  )
}

/** A conversation as a device gives it, that stays as it is. */
export function conversation(
  view: ConversationView,
  more: { state?: OpenConversation['state']; peers?: PeerPresence[]; seen?: Record<string, string> } = {},
): OpenConversation {
  const nothing = () => Promise.resolve('')
  return {
    id: idOf('conversation'),
    view,
    state: more.state ?? 'synced',
    peers: more.peers ?? [],
    seen: more.seen ?? {},
    subscribe: () => () => {},
    write: {
      open: nothing,
      message: nothing,
      edit: nothing,
      retract: nothing,
      identify: nothing,
      close: nothing,
      rate: nothing,
      comment: nothing,
      assign: nothing,
    },
    setTyping: () => {},
    markSeen: () => {},
    retry: () => Promise.resolve(),
    discard: () => Promise.resolve(),
    close: () => {},
  }
}
