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
    response = await request(path, init)
  } catch {
    return { is: 'offline' }
  }
  // A proxy that cannot reach us speaks for nobody: it is as good as no answer.
  if ([502, 503, 504].includes(response.status)) return { is: 'offline' }
  const value: unknown = await response.json().catch(() => null)
  if (response.ok) return { is: 'ok', value: value as T }
  return { is: 'refused', status: response.status, reason: reasonIn(value) ?? `The server said ${response.status}.` }
}

function reasonIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('error' in value)) return null
  const { error } = value
  if (typeof error === 'string') return error
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : null
}
