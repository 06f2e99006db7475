/**
 * Where a process that dies would hurt most: the joints between the store, the sockets and the mail server, in the order
 * in which a close passes them. The code says that it is there, and nothing comes of it, unless tests hand in a listener
 * that ends the process (tests/crash). No configuration can do that.
 */
export const CRASH_POINTS = [
  /** All rows of a flush are written; the transaction is not committed. */
  'in-transaction',
  /** The flush is on the disk; nobody has been told. */
  'after-commit',
  /** A room has got its frame; other rooms of the flush, the feed and the jobs have heard nothing yet. */
  'after-frame',
  /** A mail is written; the mail server has not been asked. */
  'before-smtp',
  /** The mail server has taken the mail; no row says so. */
  'after-250',
  /** The outcome is in the thread; the job still counts as waiting. */
  'before-done',
] as const

export type CrashPoint = (typeof CRASH_POINTS)[number]

/** Called whenever the process is at such a point. */
export type Reached = (point: CrashPoint) => void

/** What production does there. */
export const goOn: Reached = () => {}
