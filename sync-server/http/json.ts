import { vValidator } from '@hono/valibot-validator'
import * as v from 'valibot'
import { ApiError } from './errors.ts'

/**
 * Parses a JSON body by a valibot schema; what does not fit is answered as `invalid`, naming the field. A body that is
 * not sent as application/json counts as empty: a foreign page can send nothing else without asking first (CORS).
 */
export function body<S extends v.GenericSchema>(schema: S) {
  return vValidator('json', schema, (result) => {
    if (result.success) return
    const [issue] = result.issues
    throw new ApiError('invalid', `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`.slice(0, 300))
  })
}
