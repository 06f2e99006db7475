import { locale, m } from '#texts'
import type { Peer } from './thread-state.svelte.ts'

/** What the colleagues in a conversation are doing, in one line: `Bo is writing a reply`, `Bo and Cy are here`. */
export function peerWords(colleagues: readonly Pick<Peer, 'name' | 'typing'>[]): string {
  const replying = colleagues.filter((peer) => peer.typing === 'reply')
  if (replying.length > 0) return m.peers_replying({ who: names(replying), count: replying.length })
  const commenting = colleagues.filter((peer) => peer.typing === 'comment')
  if (commenting.length > 0) return m.peers_commenting({ who: names(commenting), count: commenting.length })
  return colleagues.length === 0 ? '' : m.peers_here({ who: names(colleagues), count: colleagues.length })
}

function names(people: readonly { name: string }[]): string {
  const [first = '', ...others] = people.map(({ name }) => name.split(' ')[0] ?? name)
  const rest = others.length > 1 ? [m.peers_others({ count: others.length })] : others
  return new Intl.ListFormat(locale.tag).format([first, ...rest])
}
