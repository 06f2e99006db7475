import { isSafeLink, type Body, type BodyBlock, type BodyInline, type BodyMark } from '#conversation/body.ts'
import { escapeHtml } from './escape.ts'

const CODE = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;background:#f1f4f4;border-radius:4px'

/** A body as HTML with inline styles, built node by node: nothing in it is taken for markup. */
export function bodyHtml(body: Body): string {
  return body.content.map(blockHtml).join('')
}

function blockHtml(node: BodyBlock): string {
  switch (node.type) {
    case 'paragraph':
      return `<p dir="auto" style="margin:0 0 8px">${(node.content ?? []).map(inlineHtml).join('')}</p>`
    case 'codeBlock': {
      const code = (node.content ?? []).map((child) => escapeHtml(child.text)).join('')
      return `<pre style="margin:0 0 8px;padding:8px;white-space:pre-wrap;${CODE}">${code}</pre>`
    }
    case 'bulletList':
    case 'orderedList': {
      const tag = node.type === 'bulletList' ? 'ul' : 'ol'
      const items = node.content.map((item) => `<li>${item.content.map(blockHtml).join('')}</li>`).join('')
      return `<${tag} style="margin:0 0 8px;padding-left:24px">${items}</${tag}>`
    }
  }
}

function inlineHtml(node: BodyInline): string {
  if (node.type === 'hardBreak') return '<br>'
  if (node.type === 'mention') return `<strong>@${escapeHtml(node.attrs.label)}</strong>`
  return (node.marks ?? []).reduce(markHtml, escapeHtml(node.text))
}

function markHtml(inner: string, mark: BodyMark): string {
  switch (mark.type) {
    case 'bold':
      return `<strong>${inner}</strong>`
    case 'italic':
      return `<em>${inner}</em>`
    case 'code':
      return `<code style="padding:0 4px;${CODE}">${inner}</code>`
    case 'link':
      return linkHtml(mark.attrs.href, inner)
  }
}

/** A link, if it may be followed; else what it says. */
export function linkHtml(href: string, inner: string): string {
  return isSafeLink(href) ? `<a href="${escapeHtml(href)}" style="color:#0f6a68">${inner}</a>` : inner
}
