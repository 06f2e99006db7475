import { colourOf, inkOn, readableOn } from './colour.ts'

/** The lightest and darkest grounds on which the accent serves as text: `--fill` of app.css in both themes. */
const LIGHT_GROUND = '#f1f3f6'
const DARK_GROUND = '#25282f'

/** Dresses the page in the inbox's colour, with what can be read on it and beside it. */
export function wear(root: HTMLElement, colour: string): void {
  const accent = colourOf(colour)
  root.style.setProperty('--accent', accent)
  root.style.setProperty('--on-accent', inkOn(accent))
  root.style.setProperty('--accent-on-light', readableOn(accent, LIGHT_GROUND))
  root.style.setProperty('--accent-on-dark', readableOn(accent, DARK_GROUND))
}
