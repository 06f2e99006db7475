import { describe, expect, test } from 'vitest'
import { joinParent, standAlone } from '../../../src/widget/parent.ts'
import { readKept, readPage, seal, unseal } from '../../../src/widget/protocol.ts'

const kept = { token: 'secret', visitor: '01HV0DEM0ADA00000000000001' }
const page = { url: 'https://shop.example/', title: 'Shop', referrer: '' }

/** A frame's window whose parent records what it is sent. */
function frame() {
  const posted: { data: unknown; origin: string }[] = []
  const parent = { postMessage: (data: unknown, origin: string) => void posted.push({ data, origin }) }
  const target = Object.assign(new EventTarget(), { parent })
  const hear = (data: unknown, from: { source?: unknown; origin?: string } = {}) => {
    const event = Object.assign(new Event('message'), { data, source: parent, origin: 'https://shop.example', ...from })
    target.dispatchEvent(event)
  }
  // Only the three members that a handshake uses.
  return { window: target as never as Window, posted, hear }
}

describe('the handshake with the host page', () => {
  test('it says hello to the expected origin alone, and never to *', async () => {
    const { window, posted, hear } = frame()
    const joining = joinParent(window, 'https://shop.example')
    hear(seal({ is: 'start', kept, who: null }))
    const place = await joining
    place.keep({ ...kept, conversation: 'c' })
    place.tell({ is: 'close' })
    expect(posted.map(({ data }) => unseal(data)?.is)).toEqual(['hello', 'keep', 'close'])
    expect(new Set(posted.map(({ origin }) => origin))).toEqual(new Set(['https://shop.example']))
  })

  test('it hears the parent of the expected origin, and nobody else', async () => {
    const { window, hear } = frame()
    let joined = false
    const joining = joinParent(window, 'https://shop.example').then((place) => {
      joined = true
      return place
    })
    hear(seal({ is: 'start', kept, who: null }), { origin: 'https://evil.example' })
    hear(seal({ is: 'start', kept, who: null }), { source: {} })
    hear({ is: 'start', kept, who: null })
    await Promise.resolve()
    expect(joined).toBe(false)
    hear(seal({ is: 'start', kept, who: null }))
    const place = await joining
    expect(place.kept()).toEqual(kept)
    hear(seal({ is: 'kept', kept: { ...kept, token: 'stolen' } }), { source: {} })
    expect(place.kept()).toEqual(kept)
  })

  test('showing, hiding and another tab’s change are told to who listens', async () => {
    const { window, hear } = frame()
    const joining = joinParent(window, 'https://shop.example')
    hear(seal({ is: 'start', kept: null, who: null }))
    const place = await joining
    const seen: boolean[] = []
    place.subscribe(() => seen.push(place.shown()))
    hear(seal({ is: 'shown' }))
    hear(seal({ is: 'hidden' }))
    hear(seal({ is: 'kept', kept }))
    expect(seen).toEqual([true, false, false])
    expect(place.kept()).toEqual(kept)
  })
})

test('the page is asked for when it is needed: a website may change it without loading another one', async () => {
  const { window, posted, hear } = frame()
  const joining = joinParent(window, 'https://shop.example')
  hear(seal({ is: 'start', kept, who: null }))
  const place = await joining
  const asked = place.page()
  expect(unseal(posted.at(-1)?.data)).toEqual({ is: 'page' })
  hear(seal({ is: 'page', page }))
  expect(await asked).toEqual(page)
  // A loader from a cache that never answers.
  expect(await place.page()).toEqual(page)
})

test('what the website says of the visitor, and puts into the composer, is read field by field', async () => {
  const { window, hear } = frame()
  const joining = joinParent(window, 'https://shop.example')
  hear(seal({ is: 'start', kept: null, who: { email: ' robin@example.com ' } }))
  const place = await joining
  expect(place.who()).toEqual({ email: 'robin@example.com' })
  hear({ parley: { is: 'identify', who: { email: 5, name: ' ', phone: '+31' } } })
  expect(place.who()).toEqual({ phone: '+31' })
  hear({ parley: { is: 'shown', text: 5 } })
  expect(place.takeText()).toBeNull()
  hear(seal({ is: 'shown', text: 'About my order' }))
  expect([place.takeText(), place.takeText()]).toEqual(['About my order', null])
  expect(place.ending()).toBeNull()
  hear(seal({ is: 'end', discard: false }))
  expect(place.ending()).toBe('sent')
})

test('what comes from a page is read field by field', () => {
  expect(readKept({ token: 1, visitor: 'x' })).toBeNull()
  expect(readKept({ ...kept, conversation: 5, read: 'r', more: 'no' })).toEqual({ ...kept, read: 'r' })
  expect(readPage({ url: 3, title: 'T' })).toEqual({ url: '', title: 'T', referrer: '' })
  for (const data of [null, 'parley', 1, {}, { parley: null }, { parley: { is: 1 } }]) expect(unseal(data)).toBeNull()
})

test('a page of its own works where storage is blocked', () => {
  const place = standAlone({} as Window, 'demo', null)
  expect(place.shown()).toBe(true)
  place.keep(kept)
  expect(place.kept()).toEqual(kept)
  place.keep(null)
  expect(place.kept()).toBeNull()
})
