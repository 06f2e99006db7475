import { MAX_BODY_TEXT } from '#conversation/body.ts'

/** From here on the composer shows how much room is left. */
const NEAR = MAX_BODY_TEXT - 400

/** How many characters of a body are left, once that matters; negative: too many. Null: plenty. */
export function roomLeft(text: string): number | null {
  const { length } = text.trim()
  return length < NEAR ? null : MAX_BODY_TEXT - length
}
