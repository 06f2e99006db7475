import type { Logger } from 'pino'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** What `/api` answers when it refuses. The message is one line for people. */
export interface ErrorBody {
  error: {
    code: ErrorCode
    message: string
    /** Of `invalid`: what is wrong where, all of it. `path` is dotted (`hours.week.0.1.to`), empty for the body. */
    fields?: FieldFault[]
  }
}

/** `fault` is one line, or the code that the schema gives it (src/conversation/inboxes.ts). */
export interface FieldFault {
  path: string
  fault: string
}

const STATUS = {
  invalid: 400,
  'not-signed-in': 401,
  'wrong-password': 401,
  forbidden: 403,
  'foreign-origin': 403,
  'used-link': 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  failed: 500,
} as const satisfies Record<string, ContentfulStatusCode>

export type ErrorCode = keyof typeof STATUS

/** Thrown by a route, answered as JSON by `answerError`. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly headers: Record<string, string>

  readonly fields: FieldFault[] | null

  constructor(
    code: ErrorCode,
    message: string,
    headers: Record<string, string> = {},
    fields: FieldFault[] | null = null,
  ) {
    super(message)
    this.code = code
    this.headers = headers
    this.fields = fields
  }
}

/** Hono's `onError`: a refusal as it is; anything else is logged and told as little of as possible. */
export function answerError(error: Error, c: Context, log: Logger): Response {
  if (error instanceof ApiError) return answer(c, error)
  if (error instanceof HTTPException && error.status < 500) {
    return answer(c, new ApiError('invalid', error.message === '' ? 'The request is malformed.' : error.message))
  }
  log.error({ err: error, path: c.req.path }, 'a request failed')
  return answer(c, new ApiError('failed', 'Something went wrong on the server. Try again in a moment.'))
}

function answer(c: Context, { code, message, headers, fields }: ApiError): Response {
  return c.json<ErrorBody>({ error: { code, message, ...(fields && { fields }) } }, STATUS[code], headers)
}
