/**
 * In place of svelte's proxy.js in the widget's build: the state of its components is numbers, words and elements, which
 * are set and never changed in place. An object is kept as it is by `$state.raw`; one that is given to `$state` would be
 * expected to be watched, so it is refused.
 */
export function proxy<T>(value: T): T {
  const kind: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : null
  if (kind === Object.prototype || kind === Array.prototype) throw new Error('In the widget, objects are $state.raw')
  return value
}

export const is = Object.is
export const get_proxied_value = <T>(value: T): T => value
