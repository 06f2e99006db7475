import { bodyFromText, type Body } from '#conversation/body.ts'
import type { Entry } from '#conversation/entries.ts'
import type { Principal } from '#conversation/ids.ts'
import type { LedgerKind } from '#conversation/rooms.ts'
import { SAMPLE_AGENTS, SAMPLE_INBOX, type SampleAgentKey } from './agents.ts'
import type { Line, SampleConversation } from './script.ts'

const MINUTE = 60_000

/** One entry to be written: by whom, where and when. */
export interface Act {
  at: number
  script: SampleConversation
  by: 'visitor' | SampleAgentKey
  ledger: LedgerKind
  /** Made when its turn comes: what an entry has seen is only known then. */
  entry(state: Written): Entry
}

/** A sample conversation as far as it is written. */
export interface Written {
  conversation: string
  visitor: Principal
  /** The last entry of the thread. */
  last: string | null
  assignee: Principal | null
  /** Per principal and ledger: the Yjs client id and its next clock. */
  clients: Map<string, { client: number; clock: number }>
  /** The last thread entry that each has seen. */
  seen: Map<Principal, string>
}

/** What is written for a script, in its order; `now` in ms since 1970, `origin` is the sample website's. */
export function actsOf(script: SampleConversation, now: number, origin: string): Act[] {
  let at = now - script.began * MINUTE
  const { path, title, referrer = '' } = script.page
  const page = { url: `${origin}${path}`, title, referrer }
  const opened: Act = {
    at,
    script,
    by: 'visitor',
    ledger: 'thread',
    entry: ({ visitor }) => ({
      kind: 'opened',
      by: visitor,
      at: now - script.began * MINUTE,
      inbox: SAMPLE_INBOX.id,
      page,
      locale: script.locale,
    }),
  }
  const lines = script.lines.map((line): Act => {
    at += line.after * MINUTE
    const when = at
    const ledger = 'notes' in line || 'assigns' in line ? 'team' : 'thread'
    return { at, script, by: line.by, ledger, entry: (state) => entryOf(line, state, when) }
  })
  return [opened, ...lines]
}

function entryOf(line: Line, state: Written, at: number): Entry {
  const by = line.by === 'visitor' ? state.visitor : principalOf(line.by)
  const common = { by, at }
  if ('says' in line) {
    const seen = line.by === 'visitor' || state.last === null ? {} : { seen: state.last }
    return { kind: 'message', ...common, channel: 'chat', body: said(line.says), ...seen }
  }
  if ('leaves' in line) return { kind: 'identified', ...common, ...line.leaves }
  if ('rates' in line) {
    return { kind: 'rated', ...common, score: line.rates, ...(line.text !== undefined && { text: line.text }) }
  }
  if ('notes' in line) {
    const mentions = line.to === undefined ? [] : [principalOf(line.to)]
    return { kind: 'comment', ...common, body: said(line.notes), mentions }
  }
  if ('assigns' in line) {
    const to = line.assigns === null ? null : principalOf(line.assigns)
    return { kind: 'assigned', ...common, to, from: state.assignee }
  }
  // No transcript: nobody asked for mail about conversations that never were.
  return { kind: 'closed', ...common, seen: state.last, reason: 'agent', transcript: 'no' }
}

function said(text: string): Body {
  const body = bodyFromText(text)
  if (body === null) throw new Error('a sample line says nothing')
  return body
}

function principalOf(key: SampleAgentKey): Principal {
  const sample = SAMPLE_AGENTS.find((each) => each.key === key)
  if (sample === undefined) throw new Error(`no sample agent ${key}`)
  return `agent:${sample.agent.id}`
}
