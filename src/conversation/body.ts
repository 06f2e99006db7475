import * as v from 'valibot'

/**
 * What a message or a comment says: ProseMirror JSON of a small closed schema. It is rendered node by node, never as
 * HTML.
 */

/** The longest text of a body, in UTF-16 units, line breaks between paragraphs included. */
export const MAX_BODY_TEXT = 4000

const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)/i

/** Whether a link may be followed from a conversation: http, https, mailto or tel, without control characters. */
export function isSafeLink(href: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what this refuses
  return SAFE_LINK.test(href) && !/[\u0000-\u0020\u007f]/.test(href) && href.length <= 2048
}

const linkMark = v.strictObject({
  type: v.literal('link'),
  attrs: v.strictObject({ href: v.pipe(v.string(), v.check(isSafeLink, 'link must be http, https, mailto or tel')) }),
})
const plainMark = v.strictObject({ type: v.picklist(['bold', 'italic', 'code']) })
const mark = v.union([plainMark, linkMark])

const text = v.strictObject({
  type: v.literal('text'),
  text: v.pipe(v.string(), v.minLength(1)),
  marks: v.optional(v.pipe(v.array(mark), v.minLength(1), v.maxLength(4))),
})
const hardBreak = v.strictObject({ type: v.literal('hardBreak') })
const mention = v.strictObject({
  type: v.literal('mention'),
  attrs: v.strictObject({ id: v.pipe(v.string(), v.maxLength(64)), label: v.pipe(v.string(), v.maxLength(100)) }),
})
const inline = v.variant('type', [text, hardBreak, mention])
const paragraph = v.strictObject({ type: v.literal('paragraph'), content: v.optional(v.array(inline)) })
const codeBlock = v.strictObject({
  type: v.literal('codeBlock'),
  content: v.optional(v.array(v.strictObject({ type: v.literal('text'), text: v.pipe(v.string(), v.minLength(1)) }))),
})

export type BodyMark = v.InferOutput<typeof mark>
export type BodyInline = v.InferOutput<typeof inline>
export type BodyBlock =
  | v.InferOutput<typeof paragraph>
  | v.InferOutput<typeof codeBlock>
  | { type: 'bulletList' | 'orderedList'; content: BodyListItem[] }
export interface BodyListItem {
  type: 'listItem'
  content: BodyBlock[]
}
export interface Body {
  type: 'doc'
  content: BodyBlock[]
}

// Depth is bounded before this runs: an entry has at most 32 levels (entries.ts).
const listItem: v.GenericSchema<BodyListItem> = v.strictObject({
  type: v.literal('listItem'),
  content: v.pipe(v.array(v.lazy(() => block)), v.minLength(1)),
})
const list = v.strictObject({
  type: v.picklist(['bulletList', 'orderedList']),
  content: v.pipe(v.array(listItem), v.minLength(1)),
})
const block: v.GenericSchema<BodyBlock> = v.union([paragraph, codeBlock, list])

/** Both in one check: a body's words are put together once. */
const sayable = v.rawCheck<Body>(({ dataset, addIssue }) => {
  if (!dataset.typed) return
  const words = plainText(dataset.value)
  if (words.length > MAX_BODY_TEXT) addIssue({ message: `body is longer than ${MAX_BODY_TEXT} characters` })
  else if (words.trim() === '') addIssue({ message: 'body is empty' })
})

/** The schema of a body by an agent. */
export const bodySchema: v.GenericSchema<Body> = v.pipe(
  v.strictObject({ type: v.literal('doc'), content: v.pipe(v.array(block), v.minLength(1)) }),
  sayable,
)

/** Whether a visitor may have written this body: paragraphs, line breaks and links, nothing else. */
export function isVisitorBody(body: Body): boolean {
  return body.content.every(
    (node) =>
      node.type === 'paragraph' &&
      (node.content ?? []).every(
        (child) =>
          child.type === 'hardBreak' ||
          (child.type === 'text' && (child.marks ?? []).every((each) => each.type === 'link')),
      ),
  )
}

/** A body's words alone, a line a paragraph or list item. Used for summaries, search and the text part of mail. */
export function plainText(body: Body): string {
  return body.content.map(blockText).join('\n')
}

function blockText(node: BodyBlock): string {
  switch (node.type) {
    case 'paragraph':
      return (node.content ?? []).map(inlineText).join('')
    case 'codeBlock':
      return (node.content ?? []).map((child) => child.text).join('')
    case 'bulletList':
      return node.content.map((item) => `- ${item.content.map(blockText).join('\n')}`).join('\n')
    case 'orderedList':
      return node.content.map((item, index) => `${index + 1}. ${item.content.map(blockText).join('\n')}`).join('\n')
  }
}

function inlineText(node: BodyInline): string {
  if (node.type === 'hardBreak') return '\n'
  return node.type === 'mention' ? `@${node.attrs.label}` : node.text
}

const LINK_IN_TEXT = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?')\]}]/g

/**
 * The body for words typed into a plain field: a paragraph a block (blank lines part them), a line break a line, and
 * web addresses as links. Returns null if there is nothing but white space.
 */
export function bodyFromText(input: string): Body | null {
  const words = input.toWellFormed().replaceAll('\u0000', '').replaceAll('\r\n', '\n').trim()
  if (words === '') return null
  return {
    type: 'doc',
    content: words.split(/\n{2,}/).map((lines) => ({ type: 'paragraph', content: inlines(lines) })),
  }
}

function inlines(lines: string): BodyInline[] {
  return lines
    .split('\n')
    .flatMap((line, index) => [...(index === 0 ? [] : [{ type: 'hardBreak' } as const]), ...linked(line)])
}

function linked(line: string): BodyInline[] {
  const nodes: BodyInline[] = []
  let end = 0
  for (const match of line.matchAll(LINK_IN_TEXT)) {
    if (!isSafeLink(match[0])) continue
    if (match.index > end) nodes.push({ type: 'text', text: line.slice(end, match.index) })
    nodes.push({ type: 'text', text: match[0], marks: [{ type: 'link', attrs: { href: match[0] } }] })
    end = match.index + match[0].length
  }
  if (end < line.length) nodes.push({ type: 'text', text: line.slice(end) })
  return nodes
}
