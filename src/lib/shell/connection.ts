import type { ConnectionState } from '#sync/port.ts'

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
  const more = waiting > 0 ? `, ${waiting} waiting` : ''
  switch (connection.state) {
    case 'live':
      if (connection.refused > 0) {
        return bad(
          `${connection.refused} not sent`,
          'The server refused something you wrote. It is marked in its conversation.',
          null,
        )
      }
      if (waiting > 0) return busy(`Sending ${waiting}`, 'On this device; the server has not confirmed it yet.')
      return { tone: 'good', text: 'Live', detail: 'Everything you wrote is stored on the server.', action: null }
    case 'connecting':
      return busy(
        `${wasLive ? 'Reconnecting' : 'Connecting'}${more}`,
        'What you write is kept on this device until then.',
      )
    case 'offline':
      return {
        tone: 'off',
        text: `Offline${more}`,
        detail:
          `You can go on working; it is sent once the connection is back. ${nextTry(connection.retryAt, now)}`.trim(),
        action: 'try-now',
      }
    case 'signed-out':
      return bad(`Signed out${more}`, 'Sign in as the same person to go on. Nothing is lost.', 'sign-in')
    case 'refused':
      return bad(`Not admitted${more}`, 'The server does not let this account in. Ask an administrator.', 'try-now')
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
  return wait <= 1 ? 'Trying now.' : `Next try in ${wait} seconds.`
}
