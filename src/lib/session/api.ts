import type { ErrorBody, ErrorCode } from '#server/http/errors.ts'
import { m } from '#texts'
import { seatPath } from '#sync/seat.ts'

/** Asks our own server. A refusal is a value, not an exception; `offline` means that no answer came. */
export type Answer<T> = { is: 'ok'; value: T } | { is: 'refused'; status: number; reason: string } | { is: 'offline' }

const ANSWER_WITHIN = 15_000

/**
 * GET, or POST with JSON when a body is given. The path is one of our own; the session cookie goes along.
 *
 * @param request SvelteKit's own `fetch` in a load function
 */
export async function ask<T>(path: string, body?: object, request: typeof fetch = fetch): Promise<Answer<T>> {
  const init: RequestInit = { signal: AbortSignal.timeout(ANSWER_WITHIN), credentials: 'same-origin' }
  if (body !== undefined) {
    init.method = 'POST'
    init.headers = { 'content-type': 'application/json' }
    init.body = JSON.stringify(body)
  }
  let response: Response
  try {
    response = await request(`${seatPath()}${path}`, init)
  } catch {
    return { is: 'offline' }
  }
  // A proxy that cannot reach us speaks for nobody: it is as good as no answer.
  if ([502, 503, 504].includes(response.status)) return { is: 'offline' }
  const value: unknown = await response.json().catch(() => null)
  if (response.ok) return { is: 'ok', value: value as T }
  // Put into words when it is read: what is asked while the app starts is answered before any language is loaded.
  return {
    is: 'refused',
    status: response.status,
    get reason() {
      return reasonOf(response, value)
    },
  }
}

/** Our own words for what the server says by its code; its own for the rest, which only it knows. */
function reasonOf(response: Response, value: unknown): string {
  const error = errorIn(value)
  if (error === null) return m.error_status({ status: response.status })
  return WORDS[error.code]?.(response) ?? error.message
}

const WORDS: Partial<Record<ErrorCode, (response: Response) => string>> = {
  'wrong-password': () => m.error_wrong_password(),
  'used-link': () => m.error_used_link(),
  'too-many': ({ headers }) => m.error_too_many({ count: Number(headers.get('retry-after') ?? 60) }),
  'not-signed-in': () => m.error_not_signed_in(),
  'foreign-origin': () => m.error_foreign_origin(),
  failed: () => m.error_server(),
}

function errorIn(value: unknown): ErrorBody['error'] | null {
  if (typeof value !== 'object' || value === null || !('error' in value)) return null
  const { error } = value
  const known = typeof error === 'object' && error !== null && 'code' in error && 'message' in error
  return known ? (error as ErrorBody['error']) : null
}
