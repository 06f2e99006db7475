/**
 * In place of lib0/logging in the widget's build: lib0 can draw its log in the page, and brings a schema language and a
 * DOM library for that. Yjs only warns, so the console does.
 */
export const print = (...words: unknown[]) => console.warn(...words)
export const warn = (...words: unknown[]) => console.warn(...words)
export const BOLD = ''
export const UNBOLD = ''
export const RED = ''
export const ORANGE = ''
