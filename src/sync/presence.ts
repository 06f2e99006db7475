import type { Principal } from '#conversation/ids.ts'
import { RELAY_CLIENT, type PeerPresence, type RelayPresence } from '#conversation/wire.ts'
import type { Ledger } from '#sync/ledger.ts'

/** Everybody else in these rooms, once each: somebody may be in two rooms and in several tabs. */
export function peersIn(ledgers: readonly Ledger[], self: Principal): PeerPresence[] {
  const peers = new Map<string, PeerPresence>()
  for (const ledger of ledgers) {
    for (const [client, state] of ledger.presences) {
      if (client === RELAY_CLIENT || client === ledger.client) continue
      const peer = readPeer(state)
      if (peer === null || peer.user.principal === self) continue
      const known = peers.get(peer.user.principal)
      peers.set(
        peer.user.principal,
        known === undefined ? peer : { ...known, typing: known.typing ?? peer.typing ?? null },
      )
    }
  }
  return [...peers.values()]
}

/** How far others have read the thread, as the relay tells it. */
export function seenIn(thread: Ledger, self: Principal): Readonly<Record<string, string>> {
  const { seen } = (thread.presences.get(RELAY_CLIENT) ?? {}) as Partial<RelayPresence>
  return Object.fromEntries(Object.entries(seen ?? {}).filter(([principal]) => principal !== self))
}

/** The relay makes these states; a check keeps a newer relay's from breaking an older device. */
function readPeer(state: Record<string, unknown>): PeerPresence | null {
  const { user, typing, seen } = state as Partial<PeerPresence>
  if (typeof user?.principal !== 'string') return null
  return {
    user,
    typing: typing === 'reply' || typing === 'comment' ? typing : null,
    ...(typeof seen === 'string' ? { seen } : {}),
  }
}
