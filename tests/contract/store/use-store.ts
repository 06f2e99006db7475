import { afterEach, beforeEach } from 'vitest'
import type { Store } from '#server/store/port.ts'

/** How the suite gets at an engine. A place is a database: what was stored there is there when it is opened again. */
export interface Engine {
  /** A fresh, empty place. */
  place(): Promise<string>
  open(place: string): Promise<Store>
  remove(place: string): Promise<void>
}

/** A store of its own for each test, opened before and removed after. */
export function useStore(engine: Engine): { store: Store; reopen(): Promise<Store> } {
  let place = ''
  const world = {
    store: undefined as Store | undefined,
    async reopen() {
      await world.store?.close()
      return (world.store = await engine.open(place))
    },
  }
  beforeEach(async () => {
    place = await engine.place()
    world.store = await engine.open(place)
  })
  afterEach(async () => {
    await world.store?.close()
    await engine.remove(place)
  })
  return {
    get store() {
      if (world.store === undefined) throw new Error('the store is open only within a test')
      return world.store
    },
    reopen: world.reopen,
  }
}
