import type { Body, BodyBlock, BodyInline } from '#conversation/body.ts'
import type { Principal } from '#conversation/ids.ts'
import { SAMPLE_AGENTS } from './agents.ts'

/** Who is called `@ada`, `@bo` and `@cy` in a sample comment. */
const CALLED = new RegExp(`@(${SAMPLE_AGENTS.map(({ key }) => key).join('|')})\\b`)

/** The principal of a sample agent, by key; `system` is the server itself. */
export function principalOf(key: string): Principal {
  if (key === 'system') return 'system'
  return `agent:${sampleOf(key).agent.id}`
}

/** A comment's body and mentions, for words in which `@bo` stands for Bo. */
export function commentFrom(words: Body): { body: Body; mentions: Principal[] } {
  const mentions = new Set<Principal>()
  const inline = (node: BodyInline): BodyInline[] =>
    node.type !== 'text'
      ? [node]
      : // Every second part is what the brackets caught.
        node.text.split(CALLED).flatMap((part, index): BodyInline[] => {
          if (index % 2 === 0) return part === '' ? [] : [{ ...node, text: part }]
          const principal = principalOf(part)
          mentions.add(principal)
          return [{ type: 'mention', attrs: { id: principal, label: sampleOf(part).agent.name } }]
        })
  const content = words.content.map((block): BodyBlock =>
    block.type === 'paragraph' ? { ...block, content: (block.content ?? []).flatMap(inline) } : block,
  )
  return { body: { type: 'doc', content }, mentions: [...mentions] }
}

function sampleOf(key: string): (typeof SAMPLE_AGENTS)[number] {
  const sample = SAMPLE_AGENTS.find((each) => each.key === key)
  if (sample === undefined) throw new Error(`no sample agent ${key}`)
  return sample
}
