/**
 * Writes lib0's encodings (https://github.com/dmonad/lib0): bytes.ts the other way round. lib0 has a writer, too; this
 * one lets Node copy texts, and so takes half the time where most of the bytes are texts. For one use.
 */
export class Writer {
  #bytes: Buffer<ArrayBuffer>
  #at = 0

  /** @param size how many bytes are expected; it grows if they are more */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size)
  }

  uint8(value: number): void {
    this.#need(1)
    this.#bytes[this.#at++] = value
  }

  /** An unsigned integer below 2^53. */
  varUint(value: number): void {
    this.#need(8)
    let left = value
    while (left > 127) {
      this.#bytes[this.#at++] = 128 | (left & 127)
      left = Math.floor(left / 128)
    }
    this.#bytes[this.#at++] = left
  }

  /** A length, and so many bytes. */
  varBytes(bytes: Uint8Array): void {
    this.varUint(bytes.length)
    this.raw(bytes)
  }

  /** A length in bytes, and UTF-8. */
  varString(text: string): void {
    const length = Buffer.byteLength(text)
    this.varUint(length)
    this.#need(length)
    this.#at += this.#bytes.write(text, this.#at, 'utf8')
  }

  /** A number from 0 on as lib0's "any": as an integer up to 2^31, else as the shortest float that holds it. */
  anyNumber(value: number): void {
    if (Number.isInteger(value) && value < 2 ** 31) {
      this.uint8(125)
      // Six bits and the sign first.
      if (value < 64) return this.uint8(value)
      this.uint8(128 | (value & 63))
      return this.varUint(Math.floor(value / 64))
    }
    const short = Math.fround(value) === value
    this.uint8(short ? 124 : 123)
    this.#need(8)
    this.#at = short ? this.#bytes.writeFloatBE(value, this.#at) : this.#bytes.writeDoubleBE(value, this.#at)
  }

  raw(bytes: Uint8Array): void {
    this.#need(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** What was written. */
  end(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at)
  }

  #need(length: number): void {
    if (this.#at + length <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + length))
    grown.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = grown
  }
}
