import * as v from 'valibot'
import { hoursSchema, type HoursFault } from './hours.ts'

/** What an administrator sets of an inbox. The server checks it, and the screen says which field is wrong, in words. */

/** What can be wrong with a setting, at the path of the issue. */
export type SettingFault =
  HoursFault | 'missing' | 'too-long' | 'not-a-colour' | 'not-a-side' | 'not-an-origin' | 'not-an-address'

/** In UTF-16 units, but `origins`: how many. */
export const LIMITS = { name: 60, greeting: 300, origin: 200, origins: 50, address: 254 } as const

const fault = (code: SettingFault): SettingFault => code

const text = (longest: number) =>
  v.pipe(
    v.string(fault('missing')),
    v.trim(),
    v.minLength(1, fault('missing')),
    v.maxLength(longest, fault('too-long')),
  )

// It goes into a header (frame-ancestors): the pattern lets through nothing that means more than a host and a port.
const ORIGIN =
  /^https?:\/\/(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::(?:\d{1,5}|\*))?$/

const origin = v.pipe(
  v.string(fault('not-an-origin')),
  v.maxLength(LIMITS.origin, fault('too-long')),
  v.check(isOriginSource, fault('not-an-origin')),
)

/** The settings themselves; a change names only those that it changes. */
export const inboxSettings = v.strictObject({
  name: text(LIMITS.name),
  greeting: text(LIMITS.greeting),
  color: v.pipe(v.string(fault('not-a-colour')), v.toLowerCase(), v.regex(/^#[0-9a-f]{6}$/, fault('not-a-colour'))),
  side: v.picklist(['left', 'right'], fault('not-a-side')),
  origins: v.pipe(
    v.array(origin),
    v.maxLength(LIMITS.origins, fault('too-many')),
    v.transform((origins) => [...new Set(origins)]),
  ),
  hours: v.nullable(hoursSchema),
  fromAddress: v.nullable(
    v.pipe(
      v.string(fault('not-an-address')),
      v.trim(),
      v.maxLength(LIMITS.address, fault('too-long')),
      v.email(fault('not-an-address')),
    ),
  ),
})

export type InboxSettings = v.InferOutput<typeof inboxSettings>

/**
 * Whether this is an origin as an inbox's list has it, a CSP source expression: `https://example.com`,
 * `https://*.example.com`, `http://localhost:*`.
 */
export function isOriginSource(text: string): boolean {
  if (!ORIGIN.test(text)) return false
  const port = /:(\d+)$/.exec(text)?.[1]
  return port === undefined || (Number(port) > 0 && Number(port) < 65_536)
}

/**
 * The origin that somebody means who writes or pastes the address of a page: `www.example.com/shop` is
 * `https://www.example.com`. What stands for several hosts or ports stays as it is. Null: no website's address.
 */
export function originMeant(text: string): string | null {
  const written = text.trim().toLowerCase()
  if (isOriginSource(written)) return written.replace(/^(http:.*):80$|^(https:.*):443$/, '$1$2')
  const address = /^[a-z][a-z0-9+.-]*:\/\//.test(written) ? written : `https://${written}`
  // A host without a dot is a word that somebody typed, unless it is this machine.
  const host = URL.canParse(address) ? new URL(address) : null
  if (host === null || host.username !== '' || !(host.hostname.includes('.') || host.hostname === 'localhost'))
    return null
  return isOriginSource(host.origin) ? host.origin : null
}
