import { bodyHtml, linkHtml } from './body-html.ts'
import { escapeHtml } from './escape.ts'
import type { TranscriptMessage, TranscriptPage } from './transcript-page.ts'

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const INK = 'color:#1d2527'
const MUTED = 'color:#5a6669;font-size:13px'
const ACCENT = '#0f6a68'

/**
 * The HTML part: tables and inline styles, since that is what mail programs render alike; no images, scripts or
 * anything fetched. Texts are escaped here and in body-html.ts, and nowhere else.
 */
export function transcriptHtml(page: TranscriptPage): string {
  const color = /^#[0-9a-f]{6}$/i.test(page.color) ? page.color : ACCENT
  const lang = escapeHtml(page.locale)
  return [
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light">',
    `<title>${escapeHtml(page.title)}</title></head>`,
    `<body style="margin:0;padding:0;background:#f6f8f8">`,
    table(
      'width:100%;background:#f6f8f8',
      `<tr><td align="center" style="padding:24px 12px">${card(page, color)}</td></tr>`,
    ),
    '</body></html>',
  ].join('\n')
}

function card(page: TranscriptPage, color: string): string {
  const style = `width:100%;max-width:600px;background:#ffffff;border-top:4px solid ${color};${FONT};font-size:15px;line-height:1.5;${INK}`
  const rows = [
    `<tr><td style="padding:24px 24px 8px"><h1 style="margin:0 0 8px;font-size:20px">${escapeHtml(page.title)}</h1>`,
    ...page.facts.map(factHtml),
    `<p style="margin:0;${MUTED}">${escapeHtml(page.zone)}</p></td></tr>`,
    ...(page.days.length === 0 ? [`<tr><td style="padding:16px 24px">${escapeHtml(page.empty)}</td></tr>`] : []),
    ...page.days.flatMap((day) => [dayHtml(day.name), ...day.messages.map((message) => messageHtml(message, color))]),
    `<tr><td style="padding:16px 24px 24px;border-top:1px solid #dfe5e5;${MUTED}">${escapeHtml(page.footer)}</td></tr>`,
  ]
  return table(style, rows.join('\n'))
}

function table(style: string, rows: string): string {
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="${style}">\n${rows}\n</table>`
}

function factHtml({ label, value, link }: TranscriptPage['facts'][number]): string {
  const shown = link === null ? escapeHtml(value) : linkHtml(link, escapeHtml(value))
  return `<p style="margin:0;${MUTED};word-break:break-word">${escapeHtml(label)}: ${shown}</p>`
}

function dayHtml(name: string): string {
  return `<tr><td style="padding:16px 24px 4px;${MUTED}"><strong>${escapeHtml(name)}</strong></td></tr>`
}

function messageHtml({ author, visitor, time, notes, body }: TranscriptMessage, color: string): string {
  const head = [time, ...notes].map(escapeHtml).join(' &middot; ')
  const edge = visitor ? '#dfe5e5' : color
  return [
    `<tr><td style="padding:8px 24px"><div style="padding-left:12px;border-left:3px solid ${edge};word-break:break-word">`,
    `<p style="margin:0 0 2px"><strong dir="auto">${escapeHtml(author)}</strong> <span style="${MUTED}">${head}</span></p>`,
    `${bodyHtml(body)}</div></td></tr>`,
  ].join('')
}
