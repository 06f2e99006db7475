import { createUlid } from '#conversation/ids.ts'
import type { VisitorStore } from '#server/store/port.ts'
import { createToken, digest } from './secrets.ts'

/** Somebody on a website, known by a token that their browser keeps. */
export interface Visitor {
  id: string
  /** The key of the inbox that the token is for. */
  inbox: string
}

export interface Visitors {
  /** Whom a token stands for; null if it is malformed, unknown or no longer good. */
  byToken(token: string): Promise<Visitor | null>
  /** A new visitor of an inbox, and the token that nobody but its browser will hold. */
  create(inbox: string): Promise<{ visitor: Visitor; token: string }>
}

// Ours are 43 characters. The bound is the wire's (DESIGN section 4): base64url, under 2 KB.
const TOKEN = /^[A-Za-z0-9_-]{16,2047}$/

/** Visitors by token. Only the token's SHA-256 is stored. */
export function createVisitors(parts: {
  store: VisitorStore
  now: () => number
  random: (bytes: Uint8Array) => Uint8Array
}): Visitors {
  const { store, now, random } = parts
  return {
    async byToken(token) {
      return TOKEN.test(token) ? store.visitorByTokenHash(digest(token)) : null
    },
    async create(inbox) {
      const token = createToken(random)
      const visitor = { id: createUlid({ now, random }), inbox }
      await store.createVisitor({ ...visitor, tokenHash: digest(token), createdAt: now() })
      return { visitor, token }
    },
  }
}
