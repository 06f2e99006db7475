import type { Peer } from './thread-state.svelte.ts'

/** What the colleagues in a conversation are doing, in one line: `Bo is writing a reply`, `Bo and Cy are here`. */
export function peerWords(colleagues: readonly Pick<Peer, 'name' | 'typing'>[]): string {
  const writing = colleagues.filter((peer) => peer.typing === 'reply')
  if (writing.length > 0) return `${names(writing)} ${verb(writing)} writing a reply`
  const commenting = colleagues.filter((peer) => peer.typing === 'comment')
  if (commenting.length > 0) return `${names(commenting)} ${verb(commenting)} writing a comment`
  return colleagues.length === 0 ? '' : `${names(colleagues)} ${verb(colleagues)} here`
}

function verb(people: readonly unknown[]): string {
  return people.length === 1 ? 'is' : 'are'
}

function names(people: readonly { name: string }[]): string {
  const [first, second] = people.map(({ name }) => name.split(' ')[0] ?? name)
  if (people.length > 2) return `${first} and ${people.length - 1} others`
  return second === undefined ? (first ?? '') : `${first} and ${second}`
}
