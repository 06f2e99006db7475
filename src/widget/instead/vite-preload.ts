/**
 * In place of what Vite wraps around each import that comes later, in the widget's build: it would load style sheets
 * first, and what the widget loads later is a language, which has none.
 */
export const __vitePreload = <T>(load: () => Promise<T>): Promise<T> => load()
