import { afterEach, beforeEach } from 'vitest'
import type { Store } from '#server/store/port.ts'

/** How the suite gets at an engine. A place is a database: what was stored there is there when it is opened again. */
export interface Engine {
  /** A fresh, empty place. */
  place(): Promise<string>
  open(place: string): Promise<Store>
  remove(place: string): Promise<void>
  /** A copy of a place that is not open, as a backup would be. */
  copy(place: string): Promise<string>
}

/** A store of its own for each test, opened before and removed after. */
export function useStore(engine: Engine): {
  store: Store
  reopen(): Promise<Store>
  backup(): Promise<void>
  restore(): Promise<Store>
} {
  let place = ''
  const copies: string[] = []
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
    for (const each of [place, ...copies.splice(0)]) await engine.remove(each)
  })
  return {
    get store() {
      if (world.store === undefined) throw new Error('the store is open only within a test')
      return world.store
    },
    reopen: world.reopen,
    /** Keeps the database as it is now, and goes on. */
    async backup() {
      await world.store?.close()
      copies.push(await engine.copy(place))
      world.store = await engine.open(place)
    },
    /** Puts the last backup in its place. */
    async restore() {
      await world.store?.close()
      const backup = copies.at(-1)
      if (backup === undefined) throw new Error('there is no backup')
      copies.push(place)
      place = await engine.copy(backup)
      // The same backup may be put back again.
      copies.push(backup)
      return (world.store = await engine.open(place))
    },
  }
}
