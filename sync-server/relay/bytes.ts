/**
 * Reads lib0's encodings (https://github.com/dmonad/lib0) from bytes that nobody has vouched for. Every length is
 * checked against the bytes left before anything is allocated. Throws `Malformed`, and nothing else.
 */

/** The bytes are not what they should be. */
export class Malformed extends Error {}

// ignoreBOM: a BOM is text like any other; without it, decoding and encoding again would lose it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  uint8(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new Malformed('it ends too early')
    this.#at++
    return byte
  }

  /** An unsigned integer below 2^53, seven bits a byte, the lowest first. */
  varUint(): number {
    let value = 0
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.uint8()
      value += (byte & 127) * factor
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break
        return value
      }
    }
    throw new Malformed('an integer of 2^53 or more')
  }

  /** A signed integer: six bits and the sign in the first byte. */
  varInt(): number {
    const first = this.uint8()
    const sign = (first & 64) === 0 ? 1 : -1
    let value = first & 63
    if (first < 128) return sign * value
    for (let factor = 64; factor <= 2 ** 48; factor *= 128) {
      const byte = this.uint8()
      value += (byte & 127) * factor
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break
        return sign * value
      }
    }
    throw new Malformed('an integer of 2^53 or more')
  }

  float32(): number {
    return this.#view.getFloat32(this.#take(4), false)
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8), false)
  }

  /** A count of things that take at least `size` bytes each. */
  count(size: number): number {
    const count = this.varUint()
    if (count > this.left / size) throw new Malformed('a count of more than there is')
    return count
  }

  /** A length, and so many bytes: a view, not a copy. */
  varBytes(): Uint8Array {
    const length = this.count(1)
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** A length in bytes, and well-formed UTF-8. */
  varString(): string {
    const bytes = this.varBytes()
    try {
      return utf8.decode(bytes)
    } catch {
      throw new Malformed('a text that is not UTF-8')
    }
  }

  /** Everything must have been read. */
  end(): void {
    if (this.left > 0) throw new Malformed('bytes left over')
  }

  #take(length: number): number {
    if (length > this.left) throw new Malformed('it ends too early')
    const start = this.#at
    this.#at += length
    return start
  }
}
