import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { colourOf, contrast, inkOn, parseColour, readableOn, type Rgb } from '../../../src/widget/colour.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
const rgb = (text: string): Rgb => parseColour(text) ?? [0, 0, 0]

describe('colours of an inbox', () => {
  test('black and white have the contrast that WCAG gives them', () => {
    expect(contrast(rgb('#000000'), rgb('#ffffff'))).toBeCloseTo(21)
    expect(contrast(rgb('#777777'), rgb('#ffffff'))).toBeCloseTo(4.48, 2)
  })

  test('the ink on any colour has a contrast of 4.5 or more', () => {
    fc.assert(fc.property(colour, (each) => contrast(rgb(inkOn(each)), rgb(each)) >= 4.5))
  })

  test('the accent as text can be read on both grounds, whatever the colour', () => {
    const ground = fc.constantFrom('#f1f3f6', '#ffffff', '#17191e', '#25282f')
    fc.assert(fc.property(colour, ground, (each, on) => contrast(rgb(readableOn(each, on)), rgb(on)) >= 4.5))
  })

  test('a colour that can be read already stays as it is', () => {
    expect(readableOn('#0f6a68', '#ffffff')).toBe('#0f6a68')
  })

  test('what is no colour becomes the default', () => {
    expect(colourOf('#0A8')).toBe('#00aa88')
    for (const text of ['', 'red;--x:1', '#12345', null, undefined]) expect(colourOf(text)).toBe('#2f5fd0')
  })
})
