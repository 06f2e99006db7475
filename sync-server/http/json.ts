import { vValidator } from '@hono/valibot-validator'
import * as v from 'valibot'
import { ApiError } from './errors.ts'

/** The most faults that an answer names, and how long a line about one may be. */
const MOST = 50
const LONGEST = 300

/**
 * Parses a JSON body by a valibot schema; what does not fit is answered as `invalid`, naming the fields. A body that is
 * not sent as application/json counts as empty: a foreign page can send nothing else without asking first (CORS).
 */
export function body<S extends v.GenericSchema>(schema: S) {
  return vValidator('json', schema, (result) => {
    if (result.success) return
    const [issue] = result.issues
    const fields = result.issues.slice(0, MOST).map((each) => ({
      path: v.getDotPath(each) ?? '',
      fault: each.message.slice(0, LONGEST),
    }))
    throw new ApiError('invalid', `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`.slice(0, LONGEST), {}, fields)
  })
}
