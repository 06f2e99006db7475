/** A part of the store as SQLite has it: each method answers at once. */
export type Sync<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never
}

type Method = (...args: unknown[]) => unknown

/** The same methods, answering with promises: what they throw becomes a rejection. */
export function promised<T>(methods: Sync<T>): T {
  const entries = Object.entries<Method>(methods).map(([name, method]) => [
    name,
    (...args: unknown[]) => new Promise((resolve) => resolve(method(...args))),
  ])
  return Object.fromEntries(entries)
}
