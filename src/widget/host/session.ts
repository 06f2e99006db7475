import type { Kept, Look, Page } from '../protocol.ts'

/** What the loader asks the server without the iframe. Failures are silence: the page has no use for them. */

/** The part of the server's answers that the loader reads; it comes from the origin that the script came from. */
interface Answer {
  visitor: { id: string }
  inbox: Look
  conversations: { unread: number }[]
}

/** How the launcher looks, and what a returning visitor has not read. */
export interface News {
  look: Look
  unread: number
}

/**
 * Asks for the inbox's look and a returning visitor's unread count; for a first visitor for the look alone, so that
 * nobody becomes known by looking at a page.
 */
export async function askNews(origin: string, inbox: string, kept: Kept | null, page: Page): Promise<News | null> {
  const api = `${origin}/api/widget/`
  try {
    if (!kept) return { look: await read<Look>(`${api}inbox?inbox=${encodeURIComponent(inbox)}`), unread: 0 }
    const answer = await read<Answer>(`${api}session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inbox, token: kept.token, page }),
    })
    // Somebody else: the token was no longer good. The app deals with that when it is opened.
    if (answer.visitor.id !== kept.visitor) return null
    const unread = answer.conversations.reduce((sum, each) => sum + each.unread, 0)
    return { look: answer.inbox, unread }
  } catch {
    return null
  }
}

async function read<T>(url: string, asking?: RequestInit): Promise<T> {
  const response = await fetch(url, asking)
  if (!response.ok) throw response
  return (await response.json()) as T
}
