import { canonicalText } from '#conversation/canonical.ts'
import { readEntry, type Transcript } from '#conversation/entries.ts'
import { fold } from '#conversation/fold.ts'
import { idOf, roleOf, type Principal } from '#conversation/ids.ts'
import { localeOf } from '#conversation/languages.ts'
import { visitorName } from '#conversation/names.ts'
import type { Room } from '#conversation/rooms.ts'
import type { FoldEntry } from '#conversation/view.ts'
import { goOn, type Reached } from '#server/crash-points.ts'
import { PermanentFailure, type JobHandler } from '#server/jobs/handler.ts'
import type { Relay } from '#server/relay/port.ts'
import type { Store, StoredEntry, TranscriptJob } from '#server/store/port.ts'
import { oneLine } from './escape.ts'
import { MailError, type Mail, type Mailer } from './mail.ts'
import { MAIL_TEXTS, type MailTexts } from './texts/index.ts'
import { renderTranscript } from './transcript.ts'

export interface TranscriptJobOptions {
  store: Pick<Store, 'entries' | 'inbox' | 'agent'>
  mailer: Pick<Mailer, 'send'>
  /** The relay's, so that who looks at the conversation sees the outcome at once. */
  append: Relay['append']
  /** The address for inboxes that have none of their own, and the right side of Message-IDs. */
  mailFrom: string
  mailDomain: string
  /** An IANA time zone; UTC if left out. */
  zone?: string
  reached?: Reached
}

type Outcome = Pick<Transcript, 'to' | 'status' | 'error'>

/**
 * Mails a closed conversation's transcript and says in the thread what came of it. The transcript holds what was
 * stamped up to the close: an edit or a retraction stamped later is not in it, as the reader was not to wait for it.
 * The address is the latest one left, even after the close.
 *
 * The team ledger is not read at all. Steps repeat safely: the outcome's entry ends the job whoever finds it, and a
 * mail that is sent again, after a crash between sending and saying so, carries the same Message-ID.
 */
export function createTranscriptHandler(options: TranscriptJobOptions): JobHandler {
  const { store, append } = options
  // What this process has handed over and not yet written down, if the store failed in between: close to address.
  const sent = new Map<string, string>()
  return async ({ payload }, { last, signal }) => {
    const room: Room = { kind: 'thread', conversation: payload.conversation }
    const rows = await store.entries(room, 0)
    if (rows.some((row) => row.id === payload.outcome)) return
    const close = rows.find((row) => row.id === payload.close)
    if (close === undefined) throw new PermanentFailure('the conversation is no longer there')
    const outcome = await deliver(options, payload, rows, { sent, last, signal })
    await tell(append, room, payload, outcome, close.at)
    sent.delete(payload.close)
    if (outcome.status === 'failed') throw new PermanentFailure(outcome.error ?? 'the mail was refused')
  }
}

async function deliver(
  options: TranscriptJobOptions,
  payload: TranscriptJob,
  rows: StoredEntry[],
  { sent, last, signal }: { sent: Map<string, string>; last: boolean; signal: AbortSignal },
): Promise<Outcome> {
  const sentTo = sent.get(payload.close)
  if (sentTo !== undefined) return { to: sentTo, status: 'sent' }
  const to = addressIn(rows)
  if (to === null) return { to, status: 'no-address' }
  const mail = await write(options, payload, rows, to)
  const { mailer, reached = goOn } = options
  try {
    reached('before-smtp')
    await mailer.send(mail, signal)
    reached('after-250')
    sent.set(payload.close, to)
    return { to, status: 'sent' }
  } catch (error) {
    if (!(error instanceof MailError) || !(error.permanent || last)) throw error
    return { to, status: 'failed', error: oneLine(error.message, 500) }
  }
}

/** The latest e-mail address that was left in the thread. */
function addressIn(rows: StoredEntry[]): string | null {
  for (const row of rows.toReversed()) {
    const entry = readEntry('thread', row.text)
    if (entry?.kind === 'identified' && entry.email !== undefined) return entry.email
  }
  return null
}

async function write(
  options: TranscriptJobOptions,
  payload: TranscriptJob,
  rows: StoredEntry[],
  to: string,
): Promise<Mail> {
  const { store, mailFrom, mailDomain, zone = 'UTC' } = options
  const view = fold(rows.filter((row) => row.seq <= payload.upTo).flatMap(foldEntry))
  const inbox = await store.inbox(view.opened?.inbox ?? '')
  if (view.opened === null || inbox === null) throw new PermanentFailure('the inbox is no longer there')
  const { language, tag: locale } = localeOf([view.opened.locale])
  const texts = MAIL_TEXTS[language]
  const visitor = visitorName(view.opened.by, view.contact)
  const names = await agentNames(store, rows, texts)
  const nameOf = (principal: Principal) =>
    names.get(principal) ?? (roleOf(principal) === 'visitor' ? visitor : texts.bot({}))
  // A bare address of the inbox's own is shown with the inbox's name.
  const from = inbox.fromAddress === null ? mailFrom : namedAddress(inbox.name, inbox.fromAddress)
  const messageId = `<transcript.${payload.close}@${mailDomain}>`
  return { messageId, from, replyTo: from, to, ...renderTranscript({ view, inbox, nameOf, texts, locale, zone }) }
}

function namedAddress(name: string, address: string): Mail['from'] {
  return address.includes('<') ? address : { name, address }
}

function foldEntry({ id, seq, at, text }: StoredEntry): FoldEntry[] {
  const entry = readEntry('thread', text)
  return entry === null ? [] : [{ ledger: 'thread', id, entry, stamp: { index: seq, at } }]
}

async function agentNames(
  store: Pick<Store, 'agent'>,
  rows: StoredEntry[],
  texts: MailTexts,
): Promise<Map<Principal, string>> {
  const agents = new Set(rows.map((row) => row.by).filter((by) => roleOf(by) === 'agent'))
  const names = new Map<Principal, string>()
  for (const agent of agents) names.set(agent, (await store.agent(idOf(agent)))?.name ?? texts.team({}))
  return names
}

/** Appends the outcome. Its time is the close's stamp: told again, it is the same text, and nothing happens. */
async function tell(
  append: Relay['append'],
  room: Room,
  payload: TranscriptJob,
  { to, status, error }: Outcome,
  at: number,
): Promise<void> {
  const said = error === undefined || error === '' ? {} : { error }
  const entry: Transcript = { kind: 'transcript', by: 'system', at, close: payload.close, to, status, ...said }
  const result = await append(room, 'system', [{ id: payload.outcome, text: canonicalText(entry), entry }])
  if (result.status === 'stored' || result.status === 'known') return
  throw new Error(`the outcome was not stored: ${'reason' in result ? result.reason : result.status}`)
}
