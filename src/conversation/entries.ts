import * as v from 'valibot'
import { bodySchema } from './body.ts'
import { readCanonical } from './canonical.ts'
import { isPrincipal, isUlid, type Principal } from './ids.ts'
import type { LedgerKind } from './rooms.ts'

/**
 * Every kind of entry, as one strict schema each. An entry is an immutable fact; an edit or a retraction is a new
 * entry that names the old one. `by` is who speaks, `at` the writer's own clock (ms since 1970; shown, never trusted
 * for order).
 */

const principal = v.custom<Principal>((input) => typeof input === 'string' && isPrincipal(input), 'not a principal')
const ulid = v.pipe(v.string(), v.check(isUlid, 'not an entry id'))
const words = (most: number) => v.pipe(v.string(), v.maxLength(most))
const said = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most))
const email = v.pipe(v.string(), v.maxLength(254), v.email('not an e-mail address'))
const webAddress = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.check((text) => text === '' || /^https?:\/\//i.test(text), 'not a web address'),
)

const common = {
  by: principal,
  at: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(8.64e15)),
}

const opened = v.strictObject({
  kind: v.literal('opened'),
  ...common,
  /** The inbox's key. */
  inbox: said(64),
  /** Where on the website the chat began. */
  page: v.strictObject({ url: webAddress, title: words(300), referrer: webAddress }),
  /** A BCP 47 language tag, as the browser tells it. */
  locale: words(35),
})
const message = v.strictObject({
  kind: v.literal('message'),
  ...common,
  channel: v.picklist(['chat']),
  body: bodySchema,
  /** The last entry of the thread that the author had on the screen; absent if none. */
  seen: v.optional(ulid),
})
const edited = v.strictObject({ kind: v.literal('edited'), ...common, entry: ulid, body: bodySchema })
const retracted = v.strictObject({ kind: v.literal('retracted'), ...common, entry: ulid })
const identified = v.pipe(
  v.strictObject({
    kind: v.literal('identified'),
    ...common,
    email: v.optional(email),
    name: v.optional(said(100)),
    phone: v.optional(v.pipe(v.string(), v.regex(/^\+?[0-9 ()./-]{3,40}$/, 'not a phone number'))),
  }),
  v.check(
    (entry) => entry.email !== undefined || entry.name !== undefined || entry.phone !== undefined,
    'identified tells nothing',
  ),
)
const closed = v.strictObject({
  kind: v.literal('closed'),
  ...common,
  /** The last entry of the thread that the author had seen; null if none. */
  seen: v.nullable(ulid),
  reason: v.picklist(['agent', 'visitor']),
  transcript: v.picklist(['auto', 'no']),
})
const rated = v.strictObject({
  kind: v.literal('rated'),
  ...common,
  score: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
  text: v.optional(said(1000)),
})
const transcript = v.strictObject({
  kind: v.literal('transcript'),
  ...common,
  /** The close that asked for it. */
  close: ulid,
  /** The address it went to; null if the visitor left none. */
  to: v.nullable(email),
  status: v.picklist(['sent', 'failed', 'no-address']),
  /** Why it failed, in the mail server's words. */
  error: v.optional(said(500)),
})

/** What stands where an entry was erased (SPEC E8): who wrote it and when, what it was, and none of its words. */
const erased = <const Kinds extends readonly string[]>(kinds: Kinds) =>
  v.strictObject({ kind: v.literal('erased'), ...common, was: v.picklist(kinds) })
const erasedInThread = erased(['message', 'edited', 'retracted', 'identified', 'rated', 'transcript'])
const erasedInTeam = erased(['comment'])

const comment = v.strictObject({
  kind: v.literal('comment'),
  ...common,
  body: bodySchema,
  mentions: v.pipe(v.array(principal), v.maxLength(20)),
})
const assigned = v.strictObject({
  kind: v.literal('assigned'),
  ...common,
  to: v.nullable(principal),
  from: v.nullable(principal),
})

// `identified` is a piped schema, which v.variant cannot discriminate by itself; a table by kind does it, and is what
// tells "a kind this build does not know" apart from "a kind written wrongly".
const schemas = {
  thread: { opened, message, edited, retracted, identified, closed, rated, transcript, erased: erasedInThread },
  team: { comment, assigned, erased: erasedInTeam },
} as const

export type Opened = v.InferOutput<typeof opened>
export type Message = v.InferOutput<typeof message>
export type Edited = v.InferOutput<typeof edited>
export type Retracted = v.InferOutput<typeof retracted>
export type Identified = v.InferOutput<typeof identified>
export type Closed = v.InferOutput<typeof closed>
export type Rated = v.InferOutput<typeof rated>
export type Transcript = v.InferOutput<typeof transcript>
export type Erased = v.InferOutput<typeof erasedInThread> | v.InferOutput<typeof erasedInTeam>
export type Comment = v.InferOutput<typeof comment>
export type Assigned = v.InferOutput<typeof assigned>

export type ThreadEntry = Opened | Message | Edited | Retracted | Identified | Closed | Rated | Transcript
export type TeamEntry = Comment | Assigned
export type Entry = ThreadEntry | TeamEntry | Erased

/** An entry of a kind that this build does not know. It is kept, and shown as an unobtrusive line. */
export interface UnknownEntry {
  kind: 'unknown'
  /** The kind as written. */
  named: string
  by: Principal
  at: number
}

export type ParsedEntry = { ok: true; entry: Entry } | { ok: false; reason: string }

/**
 * Parses an entry's text, once, at the edge: canonical JSON (canonical.ts), a kind of this ledger, and that kind's
 * strict schema. Never throws; the reason is one line for people.
 */
export function parseEntry(ledger: LedgerKind, text: string): ParsedEntry {
  const canonical = readCanonical(text)
  if (!canonical.ok) return canonical
  const schema = schemaOf(ledger, canonical.value)
  if (schema === null) return { ok: false, reason: `unknown kind in the ${ledger}` }
  const result = v.safeParse(schema, canonical.value, { abortEarly: true })
  if (result.success) return { ok: true, entry: result.output }
  const issue = result.issues[0]
  return { ok: false, reason: `${v.getDotPath(issue) ?? 'entry'}: ${issue.message}`.slice(0, 200) }
}

function schemaOf(ledger: LedgerKind, value: object): v.GenericSchema<unknown, Entry> | null {
  const kind = (value as { kind?: unknown }).kind
  if (typeof kind !== 'string' || !Object.hasOwn(schemas[ledger], kind)) return null
  return (schemas[ledger] as Record<string, v.GenericSchema<unknown, Entry>>)[kind] ?? null
}

/**
 * Reads an entry that is already in a ledger, for showing it. What a newer build wrote comes back as `unknown`; null
 * means that the text is nothing a relay would have stored.
 */
export function readEntry(ledger: LedgerKind, text: string): Entry | UnknownEntry | null {
  const parsed = parseEntry(ledger, text)
  if (parsed.ok) return parsed.entry
  const canonical = readCanonical(text)
  if (!canonical.ok) return null
  const { kind, by, at } = canonical.value as { kind?: unknown; by?: unknown; at?: unknown }
  if (typeof kind !== 'string' || typeof by !== 'string' || !isPrincipal(by) || typeof at !== 'number') return null
  return { kind: 'unknown', named: kind, by, at }
}
