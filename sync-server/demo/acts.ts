import { bodyFromText, type Body } from '#conversation/body.ts'
import type { Entry } from '#conversation/entries.ts'
import type { Principal } from '#conversation/ids.ts'
import type { LedgerKind } from '#conversation/rooms.ts'
import { SAMPLE_INBOX, type SampleAgentKey } from './agents.ts'
import { commentFrom, principalOf } from './comments.ts'
import type { Line, SampleConversation } from './script.ts'

const MINUTE = 60_000

/** One entry to be written: by whom, where and when. */
export interface Act {
  at: number
  script: SampleConversation
  by: 'visitor' | 'system' | SampleAgentKey
  ledger: LedgerKind
  /** Made when its turn comes: what an entry has seen is only known then. */
  entry(state: Written): Entry
}

/** A sample conversation as far as it is written. */
export interface Written {
  conversation: string
  visitor: Principal
  /** The entries of the thread, in their order. */
  thread: string[]
  assignee: Principal | null
  /** Per principal and ledger: the Yjs client id and its next clock. */
  clients: Map<string, { client: number; clock: number }>
  /** The last message of each, and the last close. */
  said: Map<Principal, string>
  closed: string | null
  /** The last thread entry that each has seen. */
  seen: Map<Principal, string>
}

/** What is written for a script, in its order; `now` in ms since 1970, `origin` is the sample website's. */
export function actsOf(script: SampleConversation, now: number, origin: string): Act[] {
  let at = now - script.began * MINUTE
  const { path, title, referrer = '' } = script.page
  const page = { url: `${origin}${path}`, title, referrer }
  const began = at
  const opened: Act = {
    at,
    script,
    by: 'visitor',
    ledger: 'thread',
    entry: ({ visitor: by }) => ({
      kind: 'opened',
      by,
      at: began,
      inbox: SAMPLE_INBOX.id,
      page,
      locale: script.locale,
    }),
  }
  const lines = script.lines.map((line): Act => {
    at += line.after * MINUTE
    const writtenAt = at - (line.written ?? 0) * MINUTE
    const ledger = 'notes' in line || 'assigns' in line ? 'team' : 'thread'
    return { at, script, by: line.by, ledger, entry: (state) => entryOf(line, state, writtenAt) }
  })
  return [opened, ...lines]
}

function entryOf(line: Line, state: Written, at: number): Entry {
  const by = line.by === 'visitor' ? state.visitor : principalOf(line.by)
  const common = { by, at }
  const seen = state.thread.at(-1 - (line.missed ?? 0)) ?? null
  if ('says' in line) {
    const knew = line.by === 'visitor' || seen === null ? {} : { seen }
    return { kind: 'message', ...common, channel: 'chat', body: said(line.says), ...knew }
  }
  if ('corrects' in line) return { kind: 'edited', ...common, entry: ownMessage(state, by), body: said(line.corrects) }
  if ('takesBack' in line) return { kind: 'retracted', ...common, entry: ownMessage(state, by) }
  if ('leaves' in line) return { kind: 'identified', ...common, ...line.leaves }
  if ('rates' in line) {
    return { kind: 'rated', ...common, score: line.rates, ...(line.text !== undefined && { text: line.text }) }
  }
  if ('notes' in line) return { kind: 'comment', ...common, ...commentFrom(said(line.notes)) }
  if ('assigns' in line) {
    const to = line.assigns === null ? null : principalOf(line.assigns)
    return { kind: 'assigned', ...common, to, from: state.assignee }
  }
  if ('mailed' in line)
    return { kind: 'transcript', ...common, close: lastClose(state), to: line.mailed, status: 'sent' }
  return { kind: 'closed', ...common, seen, reason: 'agent', transcript: line.mail === true ? 'auto' : 'no' }
}

function said(text: string): Body {
  const body = bodyFromText(text)
  if (body === null) throw new Error('a sample line says nothing')
  return body
}

function ownMessage({ said }: Written, by: Principal): string {
  const message = said.get(by)
  if (message === undefined) throw new Error('a sample line changes a message, and there is none')
  return message
}

function lastClose({ closed }: Written): string {
  if (closed === null) throw new Error('a sample transcript follows no close')
  return closed
}
