import type { SessionAnswer } from '#server/http/session-api.ts'
import type { Lines } from '#server/http/stage.ts'
import type { WidgetSession } from '#server/http/widget-api.ts'
import type { SeatKey } from './people.ts'

/** What the stage asks the server, for itself and over the lines of its seats. */

/** The server has not answered, or not as it should have. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
}

export const lines = () => call<Lines>('/api/demo/lines')

export const plug = (seat: SeatKey, plugged: boolean) => call<Lines>('/api/demo/line', { seat, plugged })

/** Signs an agent in at their seat. True if they were not signed in there yet. */
export async function signIn(agent: 'ada' | 'bo'): Promise<boolean> {
  const api = `/demo/seat/${agent}/api`
  const current = await call<SessionAnswer>(`${api}/session`).catch((error: unknown) => {
    if (error instanceof NoAnswer && error.cause === 401) return null
    throw error
  })
  // The seat's own sample agent; whoever signs in as somebody else there may stay.
  if (current !== null) return false
  await call(`${api}/demo/session`, { agent })
  return true
}

export const visitorSession = (token: string | undefined) =>
  call<WidgetSession>('/demo/seat/visitor/api/widget/session', { inbox: 'demo', ...(token !== undefined && { token }) })

/** @throws NoAnswer, with the status as its cause if there was an answer */
async function call<T>(path: string, asked?: object): Promise<T> {
  const how = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) }
  let response: Response
  try {
    response = await fetch(path, asked === undefined ? {} : how)
  } catch (cause) {
    throw new NoAnswer(`${path} cannot be reached`, { cause })
  }
  if (!response.ok) throw new NoAnswer(`${path} was answered with ${response.status}`, { cause: response.status })
  return (await response.json()) as T
}
