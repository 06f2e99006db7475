import type { Body, BodyBlock, BodyInline, BodyListItem } from '#conversation/body.ts'

/** All that a mail program may take for the end of a line (Unicode, UAX 14): none may escape the indent. */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/

/**
 * A body as lines of plain text, an empty line between its blocks. A link says where it leads, unless its words say so
 * already.
 */
export function bodyText(body: Body): string[] {
  return body.content.flatMap((block, index) => [...(index === 0 ? [] : ['']), ...blockLines(block)])
}

function blockLines(node: BodyBlock): string[] {
  switch (node.type) {
    case 'paragraph':
      return (node.content ?? []).map(inlineText).join('').split(LINE_END)
    case 'codeBlock':
      return (node.content ?? [])
        .map((child) => child.text)
        .join('')
        .split(LINE_END)
        .map((line) => `    ${line}`)
    case 'bulletList':
      return node.content.flatMap((item) => itemLines(item, '- '))
    case 'orderedList':
      return node.content.flatMap((item, index) => itemLines(item, `${index + 1}. `))
  }
}

function itemLines(item: BodyListItem, bullet: string): string[] {
  const indent = ' '.repeat(bullet.length)
  return item.content.flatMap(blockLines).map((line, index) => `${index === 0 ? bullet : indent}${line}`)
}

function inlineText(node: BodyInline): string {
  if (node.type === 'hardBreak') return '\n'
  if (node.type === 'mention') return `@${node.attrs.label}`
  const link = (node.marks ?? []).find((mark) => mark.type === 'link')
  const href = link?.attrs.href.replace(/^(?:mailto|tel):/i, '')
  return href === undefined || href === node.text ? node.text : `${node.text} <${href}>`
}
