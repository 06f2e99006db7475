/** The colours that an avatar can have; names of the design, as accounts store them. */
export const AVATAR_COLOURS = ['teal', 'violet', 'amber', 'rose', 'blue', 'green', 'slate'] as const
export type AvatarColour = (typeof AVATAR_COLOURS)[number]

/** One or two letters for a name: `Ada Lovelace` is `AL`, `ada` is `A`, `Visitor 4F2K` is `V4`. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s@._-]+/)
    .filter(Boolean)
  const [first, second] = [words[0] ?? '?', words[1] ?? '']
  return `${[...first][0] ?? '?'}${[...second][0] ?? ''}`.toUpperCase()
}

/** The given colour if the design has it, else one that is always the same for this name. */
export function avatarColour(name: string, given: string | null): AvatarColour {
  const known = AVATAR_COLOURS.find((colour) => colour === given)
  if (known !== undefined) return known
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return AVATAR_COLOURS[sum % AVATAR_COLOURS.length] ?? 'slate'
}
