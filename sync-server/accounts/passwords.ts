import { hash, verify } from '@node-rs/argon2'

/**
 * Argon2id with the first parameters that OWASP's Password Storage Cheat Sheet recommends: 19 MiB, two passes, one
 * lane. The hash is in PHC form and carries its parameters, so they can be raised later.
 */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Shortest and longest password, in UTF-16 units. The upper end bounds the work of a stranger's request. */
export const PASSWORD_LENGTH = { min: 10, max: 200 }

/** The argon2 hash of a password, in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), PARAMETERS)
}

export interface PasswordCheck {
  /** Whether the password is right. With null (no such account, or one without a password) it is false, after as long. */
  matches(passwordHash: string | null, password: string): Promise<boolean>
}

/** Checks passwords so that the time taken does not tell whether an account exists. */
export function createPasswordCheck(): PasswordCheck {
  // Made once, on the first use: what an unknown account's password is compared with.
  let nobody: Promise<string> | null = null
  return {
    async matches(passwordHash, password) {
      nobody ??= hashPassword(crypto.randomUUID())
      const right = await verify(passwordHash ?? (await nobody), password.normalize('NFKC'))
      return right && passwordHash !== null
    },
  }
}
