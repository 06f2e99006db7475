import { createTransport } from 'nodemailer'
import { compose } from './compose.ts'
import { MailError, type Mailer } from './mail.ts'

/** Longest waits, in ms; together well below a job's lease. */
const TIMEOUTS = { dnsTimeout: 10_000, connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 }

/** The phases in which a mail server judges the mail itself; a 5xx at sign-in, say, is the workspace's to mend. */
const ABOUT_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE'])

/** Sends through a mail server, a connection a mail. */
export function createSmtpTransport(url: string): Mailer {
  const transport = createTransport({ url, ...TIMEOUTS })
  return {
    async send(mail, signal) {
      try {
        await transport.sendMail({ ...compose(mail), ...(signal === undefined ? {} : { signal }) })
      } catch (error) {
        throw mailError(error)
      }
    },
    close: () => transport.close(),
  }
}

function mailError(error: unknown): MailError {
  if (!(error instanceof Error)) return new MailError(String(error), false, error)
  const { code, permanent, response }: Error & Partial<Record<'code' | 'permanent' | 'response', unknown>> = error
  const final = permanent === true && typeof code === 'string' && ABOUT_THE_MAIL.has(code)
  return new MailError(typeof response === 'string' ? response : error.message, final, error)
}
