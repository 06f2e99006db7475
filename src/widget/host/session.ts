import type { Kept, Look } from '../protocol.ts'

/** Which chat, and in which language: a BCP 47 tag, or empty for the browser's. */
export interface Asked extends Record<string, string> {
  inbox: string
  locale: string
}

/** How the launcher looks and speaks, and what a returning visitor has not read. */
export interface News {
  look: Look
  unread: number
}

/**
 * Asks the server for it, without the iframe; nobody becomes known by looking at a page. Null if there is no answer: the
 * page has no use for a failure.
 */
export async function askNews(origin: string, asked: Asked, kept: Kept | null): Promise<News | null> {
  try {
    const headers = kept ? { authorization: kept.token } : {}
    const response = await fetch(`${origin}/api/widget/inbox?${new URLSearchParams(asked)}`, { headers })
    if (!response.ok) return null
    // It comes from the origin that the script came from.
    const { unread, ...look } = (await response.json()) as Look & { unread: number }
    return { look, unread }
  } catch {
    return null
  }
}
