/** Contrast of colours, as WCAG 2 has it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */

/** What text needs at least (level AA). */
export const READABLE = 4.5

/** The contrast of two colours, `#rrggbb` each, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** White where it can be read on the colour, else black. */
export function inkOn(colour: string): '#ffffff' | '#000000' {
  return contrast('#ffffff', colour) >= READABLE ? '#ffffff' : '#000000'
}

function luminance(colour: string): number {
  const value = Number.parseInt(colour.slice(1), 16)
  const linear = (part: number) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(value >> 16) + 0.7152 * linear((value >> 8) & 255) + 0.0722 * linear(value & 255)
}
