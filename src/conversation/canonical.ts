/**
 * An entry's text is canonical JSON. Readers disagree about anything else: SQLite and JavaScript resolve a doubled key
 * differently, a lone surrogate changes on the wire, and U+0000 fails a PostgreSQL batch.
 */

/** The largest entry, in bytes of UTF-8. */
export const MAX_ENTRY_BYTES = 16 * 1024
/** How deep an entry's JSON may nest. */
export const MAX_ENTRY_DEPTH = 32

const QUOTE = 0x22
const BACKSLASH = 0x5c

export type Canonical = { ok: true; value: object } | { ok: false; reason: string }

/**
 * Reads the canonical JSON text of an object. Refuses (never throws) what is too large, too deep, not JSON, not equal
 * to `JSON.stringify(JSON.parse(text))`, or holds a lone surrogate, U+0000 or a `__proto__` key.
 */
export function readCanonical(text: string): Canonical {
  // A UTF-16 unit takes three bytes at the most: nearly every entry is small enough without counting.
  const bytes = text.length * 3 > MAX_ENTRY_BYTES ? utf8Length(text) : 0
  if (bytes > MAX_ENTRY_BYTES) return refuse(`entry is too large (${bytes} of ${MAX_ENTRY_BYTES} bytes)`)
  // Before JSON.parse: its recursion must not be the attacker's to choose.
  if (nesting(text) > MAX_ENTRY_DEPTH) return refuse(`entry nests deeper than ${MAX_ENTRY_DEPTH} levels`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refuse('entry is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('entry is not an object')
  if (JSON.stringify(value) !== text) return refuse('entry is not canonical JSON')
  if (!isCleanText(value, text)) return refuse('entry holds U+0000 or a lone surrogate')
  if (text.includes('"__proto__"') && hasProtoKey(value)) return refuse('entry has a key __proto__')
  return { ok: true, value }
}

/** The canonical text of a value. Strings are made well-formed and U+0000 is dropped, as writers must. */
export function canonicalText(value: object): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'string' ? each.toWellFormed().replaceAll('\u0000', '') : each,
  )
}

function refuse(reason: string): Canonical {
  return { ok: false, reason }
}

/** The length of a text in bytes of UTF-8; a lone surrogate counts as the three bytes that would replace it. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2
      i++
    } else bytes += 2
  }
  return bytes
}

/** How deep the brackets outside of strings nest; exact for well-formed JSON. */
function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === QUOTE) i = endOfString(text, i)
    else if (unit === 0x7b || unit === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (unit === 0x7d || unit === 0x5d) depth--
  }
  return deepest
}

/** The index of the quote that ends the string beginning at `start`; the text's length if none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (at - first) % 2 === 1
}

function isCleanText(value: unknown, text: string): boolean {
  // JSON.stringify writes both as escapes; the same letters after a backslash may also be honest text, so an escape
  // only says that it is worth a look.
  if (!/\\u(?:0000|d[89a-f])/.test(text)) return text.isWellFormed()
  return !someString(value, (each) => each.includes('\u0000') || !each.isWellFormed())
}

function hasProtoKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProtoKey)
}

function someString(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === 'string') return test(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, each]) => test(key) || someString(each, test))
}
