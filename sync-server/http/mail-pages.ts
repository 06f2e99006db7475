import { Hono } from 'hono'
import type { Context } from 'hono'
import { ApiError } from './errors.ts'
import { listMails, mailSource, readMail, type WrittenMail } from './mail-folder.ts'
import { mailBody, mailPage, type MailPart } from './mail-view.ts'
import type { Env, HttpParts } from './parts.ts'

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
// `sandbox` holds even if somebody opens the address by itself: a mail never runs as a page of ours.
const BODY_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

/** The demo's page of what was sent: list, reader, and each .eml as it is. */
export function mailPages({ mailFolder }: HttpParts) {
  if (mailFolder === null) return new Hono<Env>()

  const show = async (c: Context<Env>, id: string | null) => {
    const mails = await listMails(mailFolder)
    const wanted = id ?? mails[0]?.id
    const opened = wanted === undefined ? null : await readMail(mailFolder, wanted)
    if (id !== null && opened === null) return c.notFound()
    c.header('content-security-policy', PAGE_POLICY)
    c.header('cache-control', 'no-store')
    return c.html(mailPage(mails, opened, partOf(c, opened?.html ?? null)))
  }

  return new Hono<Env>()
    .get('/mail', (c) => show(c, null))
    .get('/mail/:id', (c) => show(c, c.req.param('id')))
    .get('/mail/:id/body', async (c) => {
      const mail = await readMail(mailFolder, c.req.param('id'))
      if (mail === null) return c.notFound()
      c.header('content-security-policy', BODY_POLICY)
      return c.html(mailBody(mail, partOf(c, mail.html)))
    })
    .get('/mail/:id/raw', async (c) => {
      const source = await mailSource(mailFolder, c.req.param('id'))
      if (source === null) return c.notFound()
      return c.body(source.bytes, 200, { 'content-type': 'message/rfc822' })
    })
}

/** The same as JSON: `GET /api/mail`, newest first. */
export function mailApi({ mailFolder }: HttpParts) {
  return new Hono<Env>().get('/mail', async (c) => {
    if (mailFolder === null) throw new ApiError('not-found', 'There is no such call.')
    const mails = await listMails(mailFolder)
    return c.json<{ mails: (WrittenMail & { raw: string })[] }>({
      mails: mails.map((mail) => ({ ...mail, raw: `/mail/${encodeURIComponent(mail.id)}/raw` })),
    })
  })
}

function partOf(c: Context<Env>, html: string | null): MailPart {
  return html === null || c.req.query('part') === 'text' ? 'text' : 'html'
}
