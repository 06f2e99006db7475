import { afterEach, expect, test, vi } from 'vitest'
import { createKeeper } from '../../../src/widget/host/kept.ts'

const kept = { token: 'secret', visitor: '01HV0DEM0ADA00000000000001' }
const look = { color: '#0f6a68', side: 'left' } as const

/** A page's storage; its keys are properties, like those of the browser's. */
function storage(): Record<string, string> {
  const held: Record<string, string> = {}
  vi.stubGlobal('localStorage', held)
  return held
}

afterEach(() => vi.unstubAllGlobals())

test('the visitor and the look are kept under the inbox’s name, and forgotten together', () => {
  const held = storage()
  createKeeper('demo').set(kept, look)
  expect(Object.keys(held)).toEqual(['parley:demo'])
  expect(createKeeper('demo').get()).toEqual({ ...kept, look })
  expect(createKeeper('other').get()).toBeNull()
  createKeeper('demo').set(null, look)
  expect(held).toEqual({})
})

test('a first visitor leaves nothing on the device', () => {
  const held = storage()
  createKeeper('demo').set(createKeeper('demo').get(), look)
  expect(held).toEqual({})
})

test('memory serves where the browser blocks storage', () => {
  const blocked = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.stubGlobal('localStorage', new Proxy({}, { get: blocked, set: blocked, deleteProperty: blocked }))
  const keeper = createKeeper('demo')
  expect(keeper.get()).toBeNull()
  keeper.set(kept, look)
  expect(keeper.get()).toEqual({ ...kept, look })
})

test('what somebody else wrote there is nothing', () => {
  const held = storage()
  held['parley:demo'] = '{not json'
  expect(createKeeper('demo').get()).toBeNull()
})
