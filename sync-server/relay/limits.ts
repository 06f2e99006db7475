/**
 * What the relay bounds, in one place. Sizes are bytes, times ms. Ordinary limits slow reading down; only what no
 * honest device does closes a socket.
 */

/**
 * The largest WebSocket message. A device whose y-indexeddb loads on an open socket echoes its whole document, so this
 * is about documents, not about entries.
 */
export const MAX_MESSAGE = { agent: 16 * 1024 * 1024, visitor: 4 * 1024 * 1024 } as const
/** Rooms joined at a time over one multiplexed socket. An agent's catch-up opens many. */
export const MAX_ROOMS = { agent: 3000, visitor: 20 } as const
/** How fast a socket is read: a burst, and what is added to it each second. */
export const READ_RATE = {
  agent: { frames: 20_000, framesPerSecond: 1000, bytes: 64 * 1024 * 1024, bytesPerSecond: 4 * 1024 * 1024 },
  visitor: { frames: 400, framesPerSecond: 40, bytes: 8 * 1024 * 1024, bytesPerSecond: 128 * 1024 },
} as const
/** Frames read but not yet handled, at which a socket is no longer read from until they are. */
export const MAX_WAITING = { frames: 1000, bytes: 8 * 1024 * 1024 } as const
/** Upgrades whose caller is not known yet. */
export const MAX_HANDSHAKES = 1000
/** Unsent bytes at which nothing more is answered until the peer has read, and at which it is dropped. */
export const WRITE_PAUSE = 4 * 1024 * 1024
export const WRITE_LIMIT = 48 * 1024 * 1024
/** How large one update of a sync step 2 may get before the rest goes into another. */
export const MAX_STEP = 1024 * 1024
/** Rows that are read and encoded for a catch-up in one turn of the event loop: some milliseconds. */
export const CATCH_UP_PAGE = 1000
/** One device's awareness state, as JSON. */
export const MAX_PRESENCE = 2048
/** A flush: after this time, or when this many entries wait. */
export const FLUSH_MS = 2
export const FLUSH_ENTRIES = 512
/** Entries waiting for a flush, at which rooms wait before they take more. */
export const MAX_QUEUED = 8192
/** How often states are renewed: y-protocols drops a state that was not renewed for 30 s. */
export const RENEW_MS = 12_000
/** Changes of presence are gathered this long, so that a room's rate is bounded whatever its devices do. */
export const PRESENCE_MS = 40
/** How often a socket must answer a ping. */
export const PING_MS = 25_000
/** Rows in a page of the feed, and how long news are gathered before the feed is read again. */
export const FEED_PAGE = 500
export const FEED_MS = 25
