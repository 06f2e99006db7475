import { createHash, timingSafeEqual } from 'node:crypto'

/** How a secret is stored: its SHA-256, in hex. Enough for secrets of 32 random bytes, which nobody can guess. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** 32 unguessable bytes as base64url: 43 characters. */
export function createToken(random: (bytes: Uint8Array) => Uint8Array): string {
  return Buffer.from(random(new Uint8Array(32))).toString('base64url')
}

/** Compares two digests (hex, of the same length) in constant time. */
export function sameDigest(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
