import { expect, test } from 'vitest'
import { speak } from '#texts'
import { ask } from '../../../src/lib/session/api.ts'

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (() => Promise.resolve(new Response(JSON.stringify(body), { status, headers }))) as typeof fetch
const refusal = (code: string, message = 'The server’s own words.') => ({ error: { code, message } })

async function refused(request: typeof fetch): Promise<{ status: number; reason: string }> {
  const answer = await ask('/api/x', undefined, request)
  if (answer.is !== 'refused') throw new Error(`not refused but ${answer.is}`)
  return answer
}

// First, since nothing has been spoken yet.
test('a refusal that comes before any language is loaded is told in the one that is loaded then', async () => {
  const early = await refused(answering(401, refusal('not-signed-in')))
  await speak('de')
  expect(early.reason).toBe('Sie sind nicht angemeldet.')
})

test('a refusal is told in our words where its code says all, else in the server’s', async () => {
  await speak('en')
  const reason = async (...given: Parameters<typeof answering>) => (await refused(answering(...given))).reason
  expect(await reason(401, refusal('wrong-password'))).toBe('This address and password do not fit together.')
  expect(await reason(429, refusal('too-many'), { 'retry-after': '1' })).toBe(
    'Too many tries. Wait 1 second and try again.',
  )
  expect(await reason(400, refusal('invalid', 'email: Invalid email'))).toBe('email: Invalid email')
  expect(await reason(418, 'a teapot')).toBe('The server said 418.')
})
