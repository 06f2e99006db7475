import { createSubscriber } from 'svelte/reactivity'

/** How often what hangs on the time is looked at again, in ms: it is said in minutes. */
const EVERY = 15_000

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, EVERY)
  return () => clearInterval(timer)
})

/** The time as the screen shows it, ms since 1970: what reads it follows it. */
export const clock = {
  get now(): number {
    subscribe()
    return Date.now()
  },
}
