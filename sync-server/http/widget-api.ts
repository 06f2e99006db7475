import type { Availability } from '#conversation/availability.ts'
import type { Principal } from '#conversation/ids.ts'
import { parseEntry } from '#conversation/entries.ts'
import type { Summary } from '#conversation/summary.ts'
import type { Visitor } from '#server/accounts/visitors.ts'
import type { Inbox, Store } from '#server/store/port.ts'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import * as v from 'valibot'
import { digest } from '#server/accounts/secrets.ts'
import { addressKey } from './address.ts'
import type { AnswerTimes } from './answer-times.ts'
import { ApiError } from './errors.ts'
import { body } from './json.ts'
import { launcherWords, type LauncherWords } from './launcher-words.ts'
import { take } from './limits.ts'
import { isAllowedOrigin, type OwnOrigins } from './origins.ts'
import type { Env, HttpParts } from './parts.ts'

/** How an inbox presents itself to a website's visitors. */
export interface WidgetInbox {
  key: string
  name: string
  greeting: string
  /** `#rrggbb` */
  color: string
  side: 'left' | 'right'
}

/** What the launcher asks for before anybody has opened the chat. */
export interface LauncherNews extends Pick<WidgetInbox, 'color' | 'side'> {
  words: LauncherWords | null
  /** Messages that a returning visitor has not seen, by the token in `Authorization`. */
  unread: number
}

export interface WidgetSession {
  /** What this visitor is known by from now on: the one sent, or a new one. */
  token: string
  visitor: { id: string }
  inbox: WidgetInbox & {
    /** When an answer may be expected. */
    availability: Availability
  }
  /** The team that answers here, by principal. `active`: false for those who have left. */
  agents: Record<string, { name: string; avatar: string | null; active: boolean }>
  /** The visitor's conversations, newest first. `unread`: agents' messages after what the visitor has seen. */
  conversations: { id: string; status: Summary['status']; unread: number; last: Summary['last'] }[]
}

const inboxKey = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const sessionBody = v.object({ inbox: inboxKey, token: v.optional(v.pipe(v.string(), v.maxLength(2048))) })

/** What the widget asks: from its frame, which is a page of ours, and from websites that the inbox allows. */
export function widgetApi(parts: HttpParts, answerTimes: AnswerTimes) {
  const { files, limits, origins, store, visitors } = parts

  const recognise = async (inbox: string, token: string | undefined, address: string | null) => {
    const known = token === undefined ? null : await visitors.byToken(token)
    // A token of another inbox is another visitor: what it says there is not this website's business.
    if (token !== undefined && known?.inbox === inbox) {
      take(limits.visitorSessions, digest(token))
      return { visitor: known, token }
    }
    if (address !== null) take(limits.newVisitors, address)
    return visitors.create(inbox)
  }

  const availabilityOf = async (inbox: Inbox): Promise<Availability> => ({
    hours: inbox.hours,
    medianAnswer: await answerTimes.median(inbox),
  })

  /** What a returning visitor has not read. Whoever is not known is not made known by it: nobody has opened the chat. */
  const unreadOf = async (inbox: string, token: string | null) => {
    if (token === null) return 0
    take(limits.visitorSessions, digest(token))
    const known = await visitors.byToken(token)
    if (known?.inbox !== inbox) return 0
    const conversations = await conversationsOf(store, known)
    return conversations.reduce((sum, each) => sum + each.unread, 0)
  }

  return new Hono<Env>()
    .use('/widget/*', crossOrigin(store, origins))
    .get('/widget/inbox', async (c) => {
      const inbox = await openInbox(store, origins, c.req.query('inbox') ?? '', c.req.raw.headers)
      const { headers } = c.req.raw
      const words = await launcherWords(files.widget, c.req.query('locale') ?? '', headers.get('accept-language') ?? '')
      const unread = await unreadOf(inbox.id, headers.get('authorization'))
      const { color, side } = presented(inbox)
      return c.json<LauncherNews>({ color, side, words, unread })
    })
    .post('/widget/session', body(sessionBody), async (c) => {
      const asked = c.req.valid('json')
      const inbox = await openInbox(store, origins, asked.inbox, c.req.raw.headers)
      const { visitor, token } = await recognise(inbox.id, asked.token, addressKey(c.env.incoming))
      return c.json<WidgetSession>({
        token,
        visitor: { id: visitor.id },
        inbox: { ...presented(inbox), availability: await availabilityOf(inbox) },
        agents: await teamOf(store, inbox),
        conversations: await conversationsOf(store, visitor),
      })
    })
}

/**
 * Lets pages of allowed origins read the answers; never with cookies. A preflight names no inbox, so an origin passes
 * here if any inbox allows it; `openInbox` then judges by the one that is asked for.
 */
function crossOrigin(store: Store, origins: OwnOrigins) {
  return cors({
    origin: async (origin, c) => {
      if (origin === '' || origins.isOwn(origin, c.req.header('host'))) return origin
      const inboxes = await store.inboxes()
      return inboxes.some((inbox) => isAllowedOrigin(inbox.origins, origin)) ? origin : null
    },
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['content-type', 'authorization'],
    maxAge: 7200,
  })
}

async function openInbox(store: Store, origins: OwnOrigins, key: string, headers: Headers): Promise<Inbox> {
  const inbox = await store.inbox(key)
  if (inbox === null) throw new ApiError('not-found', 'There is no such inbox. Check the key in the script tag.')
  const origin = headers.get('origin')
  // Without an origin it is no browser on a website, and there is nothing that this check could keep it from.
  const own = origin === null || origins.isOwn(origin, headers.get('host') ?? undefined)
  if (!own && !isAllowedOrigin(inbox.origins, origin)) {
    throw new ApiError('foreign-origin', `The inbox does not allow ${origin}. An administrator can add it.`)
  }
  return inbox
}

function presented({ id, name, greeting, color, side }: Inbox): WidgetInbox {
  return { key: id, name, greeting, color, side }
}

async function teamOf(store: Store, inbox: Inbox): Promise<WidgetSession['agents']> {
  const agents = await store.agents()
  const reaches = await Promise.all(agents.map(({ id }) => store.reach(id)))
  const team = agents.filter((_, index) => reaches[index]?.admin === true || reaches[index]?.inboxes.has(inbox.id))
  return Object.fromEntries(team.map(({ id, name, avatar, active }) => [`agent:${id}`, { name, avatar, active }]))
}

async function conversationsOf(store: Store, visitor: Visitor): Promise<WidgetSession['conversations']> {
  const principal: Principal = `visitor:${visitor.id}`
  const summaries = await store.conversationsOf(principal)
  return Promise.all(
    summaries.map(async (summary) => ({
      id: summary.id,
      status: summary.status,
      unread: await unreadIn(store, principal, summary),
      last: summary.last,
    })),
  )
}

/** Messages by others, stamped after what the visitor has seen and not retracted since. */
async function unreadIn(store: Store, visitor: Principal, summary: Summary): Promise<number> {
  if (summary.agentMessages === 0) return 0
  const room = { kind: 'thread', conversation: summary.id } as const
  const marker = (await store.markers(room)).get(visitor)
  const unread = new Set<string>()
  for (const stored of await store.entries(room, marker === undefined ? 0 : marker.seq + 1)) {
    if (stored.by === visitor) continue
    const parsed = parseEntry('thread', stored.text)
    if (!parsed.ok) continue
    if (parsed.entry.kind === 'message') unread.add(stored.id)
    if (parsed.entry.kind === 'retracted') unread.delete(parsed.entry.entry)
  }
  return unread.size
}
