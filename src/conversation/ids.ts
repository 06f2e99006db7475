/**
 * Names for things: ULIDs for entries, conversations and people, and principals, which say who speaks.
 * Effects are handed in: the caller brings the time and the randomness.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const PRINCIPAL = /^(?:agent|visitor|bot):[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/** Who speaks. The id after the colon is a ULID. */
export type Principal = `agent:${string}` | `visitor:${string}` | `bot:${string}` | 'system'

/** The part of a principal before the colon. */
export type Role = 'agent' | 'visitor' | 'bot' | 'system'

/** Where a writer gets what is not pure. On devices and servers this is the clock and the platform's random source. */
export interface Ids {
  /** Milliseconds since 1970. */
  now(): number
  /** Fills the array with unguessable bytes and returns it. */
  random(bytes: Uint8Array): Uint8Array
}

/**
 * A fresh ULID (https://github.com/ulid/spec): 48 bits of time, 80 bits of randomness, 26 upper case letters of
 * Crockford's base 32. It is unique and not monotonic: order in a ledger comes from stamps alone.
 */
export function createUlid(ids: Ids): string {
  let time = ids.now()
  const letters: string[] = []
  for (let i = 9; i >= 0; i--) {
    letters[i] = ALPHABET.charAt(time % 32)
    time = Math.floor(time / 32)
  }
  // 16 letters of 5 bits each; a random byte's low 5 bits are uniform.
  for (const byte of ids.random(new Uint8Array(16))) letters.push(ALPHABET.charAt(byte & 31))
  return letters.join('')
}

/** Whether the text is a ULID in its one canonical form (upper case, no ambiguous letters). */
export function isUlid(text: string): boolean {
  return ULID.test(text)
}

/** Whether the text names a principal. */
export function isPrincipal(text: string): text is Principal {
  return text === 'system' || PRINCIPAL.test(text)
}

/** The kind of principal: `roleOf('agent:01J...')` is `'agent'`. */
export function roleOf(principal: Principal): Role {
  return principal === 'system' ? 'system' : (principal.slice(0, principal.indexOf(':')) as Role)
}

/** The id within a principal: `idOf('agent:01J...')` is `'01J...'`; `'system'` is its own id. */
export function idOf(principal: Principal): string {
  return principal.slice(principal.indexOf(':') + 1)
}
