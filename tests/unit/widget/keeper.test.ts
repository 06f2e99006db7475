import { afterEach, expect, test, vi } from 'vitest'
import { createKeeper } from '../../../src/widget/host/kept.ts'

const kept = { token: 'secret', visitor: '01HV0DEM0ADA00000000000001' }
const look = { color: '#0f6a68', side: 'left' } as const

function storage() {
  const held = new Map<string, string>()
  return {
    held,
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, text: string) => void held.set(key, text),
    removeItem: (key: string) => void held.delete(key),
  }
}

afterEach(() => vi.unstubAllGlobals())

test('the visitor and the look are kept under the inbox’s name, and forgotten together', () => {
  const { held, ...fake } = storage()
  vi.stubGlobal('localStorage', fake)
  createKeeper('demo').set(kept, look)
  expect([...held.keys()]).toEqual(['parley:demo'])
  expect(createKeeper('demo').get()).toEqual({ ...kept, look })
  expect(createKeeper('other').get()).toBeNull()
  createKeeper('demo').set(null, look)
  expect(held.size).toBe(0)
})

test('a first visitor leaves nothing on the device', () => {
  const { held, ...fake } = storage()
  vi.stubGlobal('localStorage', fake)
  createKeeper('demo').set(createKeeper('demo').get(), look)
  expect(held.size).toBe(0)
})

test('memory serves where the browser blocks storage', () => {
  const blocked = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  vi.stubGlobal('localStorage', { getItem: blocked, setItem: blocked, removeItem: blocked })
  const keeper = createKeeper('demo')
  expect(keeper.get()).toBeNull()
  keeper.set(kept, look)
  expect(keeper.get()).toEqual({ ...kept, look })
})

test('what somebody else wrote there is nothing', () => {
  const { held, ...fake } = storage()
  vi.stubGlobal('localStorage', fake)
  held.set('parley:demo', '{not json')
  expect(createKeeper('demo').get()).toBeNull()
})
