import { html, raw } from 'hono/html'
import type { ReadMail, WrittenMail } from './mail-folder.ts'

/** The two parts that a mail can be looked at in. */
export type MailPart = 'html' | 'text'

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d2527, #e9eeee); --ink-2: light-dark(#5a6669, #a3afb1);
  --ground: light-dark(#f6f8f8, #131617); --surface: light-dark(#fff, #1a1e1f); --line: light-dark(#dfe5e5, #2d3335);
  --accent: light-dark(#0f6a68, #5cc7c0); --soft: light-dark(#e6f2f1, #1c3231); }
* { box-sizing: border-box }
body { margin: 0; height: 100dvh; display: grid; grid-template: auto 1fr / 340px 1fr; background: var(--ground);
  color: var(--ink); font: 14px/1.45 'Inter Variable', system-ui, sans-serif }
header { grid-column: 1 / -1; display: flex; gap: 8px 16px; align-items: baseline; flex-wrap: wrap;
  padding: 12px 20px; background: var(--surface); border-bottom: 1px solid var(--line) }
h1 { margin: 0; font-size: 16px } h2 { margin: 0 0 4px; font-size: 18px; line-height: 1.3; overflow-wrap: anywhere }
p { margin: 0 } header p, .empty p, dd, time { color: var(--ink-2) } header a { margin-left: auto }
a { color: var(--accent) } :focus-visible { outline: 2px solid var(--accent); outline-offset: -2px }
nav { overflow-y: auto; border-right: 1px solid var(--line) } ul { margin: 0; padding: 0; list-style: none }
nav a { display: block; padding: 12px 20px; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none }
nav a:hover { background: var(--surface) } nav a[aria-current] { background: var(--soft) }
nav span { display: flex; justify-content: space-between; gap: 12px } nav b, nav i { overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap } nav i { display: block; font-style: normal; color: var(--ink-2) }
time { white-space: nowrap; font-size: 12px }
main { display: grid; grid-template-rows: auto 1fr; min-width: 0; background: var(--surface) }
.head { padding: 16px 24px; border-bottom: 1px solid var(--line) }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 12px; margin: 0 0 8px } dd { margin: 0; overflow-wrap: anywhere }
.parts { display: flex; gap: 16px } .parts a[aria-current] { color: inherit; font-weight: 600; text-decoration: none }
iframe { width: 100%; height: 100%; border: 0; background: #fff }
.empty { grid-column: 1 / -1; place-self: center; max-width: 44ch; padding: 24px; text-align: center; background: none }
@media (max-width: 720px) { body { height: auto; grid-template: auto auto 75dvh / 1fr } nav { max-height: 40dvh;
  border-right: 0 } }
`

/** The page of mails that were written to files: the list, and one of them opened. */
export function mailPage(mails: WrittenMail[], opened: ReadMail | null, part: MailPart) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${opened === null ? 'Mail' : `${opened.subject} - Mail`} - Parley demo</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>Mail</h1>
          <p>No mail server is configured, so what Parley sends is kept here.</p>
          <a href="/inbox">Open the inbox</a>
        </header>
        ${mails.length === 0 ? emptyView() : [listView(mails, opened), opened === null ? '' : readerView(opened, part)]}
      </body>
    </html>`
}

function emptyView() {
  return html`<main class="empty">
    <h2>Nothing has been sent yet</h2>
    <p>
      Close a conversation whose visitor has left an e-mail address: its transcript appears here. The
      <a href="/demo/">sample website</a> is where a visitor writes.
    </p>
  </main>`
}

function listView(mails: WrittenMail[], opened: WrittenMail | null) {
  return html`<nav aria-label="Mails">
    <ul>
      ${mails.map(
        (mail) =>
          html`<li>
            <a href="/mail/${encodeURIComponent(mail.id)}" ${mail.id === opened?.id ? raw('aria-current="page"') : ''}>
              <span><b>${mail.to}</b>${timeView(mail.at)}</span>
              <i>${mail.subject}</i>
            </a>
          </li>`,
      )}
    </ul>
  </nav>`
}

function readerView(mail: ReadMail, part: MailPart) {
  const path = `/mail/${encodeURIComponent(mail.id)}`
  const here = (each: MailPart) => (each === part ? raw('aria-current="page"') : '')
  return html`<main>
    <div class="head">
      <h2>${mail.subject}</h2>
      <dl>
        <dt>From</dt>
        <dd>${mail.from}</dd>
        <dt>To</dt>
        <dd>${mail.to}</dd>
        <dt>Sent</dt>
        <dd>${timeView(mail.at)}</dd>
      </dl>
      <p class="parts">
        ${mail.html === null ? '' : html`<a href="${path}" ${here('html')}>As HTML</a>`}
        <a href="${path}?part=text" ${here('text')}>As text</a>
        <a href="${path}/raw" download="${mail.id}.eml">The .eml file</a>
      </p>
    </div>
    <iframe
      src="${path}/body?part=${part}"
      title="The mail"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
    ></iframe>
  </main>`
}

function timeView(at: number) {
  const iso = new Date(at).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`
}

/** What the frame shows: the mail's own HTML, or its text as it is. It is untrusted, and served without any rights. */
export function mailBody(mail: ReadMail, part: MailPart) {
  if (part === 'html' && mail.html !== null) return html`<base target="_blank" />${raw(mail.html)}`
  return html`<!doctype html>
    <meta charset="utf-8" />
    <style>
      pre {
        margin: 20px 24px;
        font:
          13px/1.5 ui-monospace,
          Menlo,
          monospace;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    </style>
    <pre>${mail.text}</pre>`
}
