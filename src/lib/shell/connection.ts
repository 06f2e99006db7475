import type { ConnectionState } from '#sync/port.ts'
import { m } from '#texts'

/** What the one small place says of the connection. */
export interface ConnectionWords {
  tone: 'good' | 'busy' | 'off' | 'bad'
  /** A few words, always true. */
  text: string
  /** A sentence more, for the title. */
  detail: string
  /** What the person can do about it. */
  action: 'try-now' | 'sign-in' | null
}

/**
 * Puts the state of the connection into words.
 *
 * @param wasLive whether it has been live since the app was opened: what comes back, reconnects
 * @param now ms since 1970, for the time to the next try
 */
export function connectionWords(connection: ConnectionState, wasLive: boolean, now: number): ConnectionWords {
  const { waiting } = connection
  const more = (said: string) => (waiting > 0 ? m.connection_waiting({ state: said, count: waiting }) : said)
  switch (connection.state) {
    case 'live':
      if (connection.refused > 0) {
        return bad(m.connection_refused({ count: connection.refused }), m.connection_refused_detail(), null)
      }
      if (waiting > 0) return busy(m.connection_sending({ count: waiting }), m.connection_sending_detail())
      return { tone: 'good', text: m.connection_live(), detail: m.connection_live_detail(), action: null }
    case 'connecting':
      return busy(
        more(wasLive ? m.connection_reconnecting() : m.connection_connecting()),
        m.connection_connecting_detail(),
      )
    case 'offline':
      return {
        tone: 'off',
        text: more(m.connection_offline()),
        detail: `${m.connection_offline_detail()} ${nextTry(connection.retryAt, now)}`.trim(),
        action: 'try-now',
      }
    case 'signed-out':
      return bad(more(m.connection_signed_out()), m.connection_signed_out_detail(), 'sign-in')
    case 'refused':
      return bad(more(m.connection_not_admitted()), m.connection_not_admitted_detail(), 'try-now')
  }
}

function busy(text: string, detail: string): ConnectionWords {
  return { tone: 'busy', text, detail, action: null }
}

function bad(text: string, detail: string, action: ConnectionWords['action']): ConnectionWords {
  return { tone: 'bad', text, detail, action }
}

function nextTry(retryAt: number | null, now: number): string {
  if (retryAt === null) return ''
  const wait = Math.ceil((retryAt - now) / 1000)
  return wait <= 1 ? m.connection_trying() : m.connection_next_try({ count: wait })
}
