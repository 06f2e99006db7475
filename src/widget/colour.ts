/**
 * Readable colours from any colour that an inbox may have. Contrast is WCAG 2's
 * (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio); 4.5 is level AA for text.
 */

export type Rgb = readonly [red: number, green: number, blue: number]

/** The accent of an inbox that has none, or one that is no colour. */
export const DEFAULT_COLOUR = '#2f5fd0'

const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]

/** Reads `#rgb` or `#rrggbb`; null for anything else. */
export function parseColour(text: string): Rgb | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]
  if (digits === undefined) return null
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
  const value = Number.parseInt(full, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** `#rrggbb`, always; the default for what is no colour. */
export function colourOf(text: string | null | undefined): string {
  return hex(parseColour(text ?? '') ?? parseColour(DEFAULT_COLOUR) ?? BLACK)
}

/** The contrast of two colours, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/**
 * White or black, whichever can be read on the colour; white where both can. Pure black and not a near-black: with it
 * one of the two always reaches 4.5.
 */
export function inkOn(colour: string): '#ffffff' | '#000000' {
  return contrast(WHITE, rgb(colour)) >= 4.5 ? '#ffffff' : '#000000'
}

/** The colour itself if it can be read on the surface, else the nearest mix with black or white that can. */
export function readableOn(colour: string, surface: string, ratio = 4.5): string {
  const from = rgb(colour)
  const ground = rgb(surface)
  const towards = contrast(BLACK, ground) > contrast(WHITE, ground) ? BLACK : WHITE
  for (let step = 0; step < 20; step++) {
    const mixed = mix(from, towards, step / 20)
    if (contrast(mixed, ground) >= ratio) return hex(mixed)
  }
  return hex(towards)
}

function rgb(text: string): Rgb {
  return parseColour(colourOf(text)) ?? BLACK
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share)
  return [part(0), part(1), part(2)]
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function luminance(colour: Rgb): number {
  const linear = (part: number) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
}
