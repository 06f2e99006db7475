import { createFileTransport } from './files.ts'
import type { Mailer } from './mail.ts'
import { createSmtpTransport } from './smtp.ts'

export interface MailerOptions {
  /** `smtp://user:password@host:587` or `smtps://`; null: mails are written as .eml files instead. */
  smtpUrl: string | null
  /** The folder of the .eml files; made when the first is written. */
  directory: string
  now?: () => number
}

/** The workspace's way to send mail. */
export function createMailer({ smtpUrl, directory, now = Date.now }: MailerOptions): Mailer {
  return smtpUrl === null ? createFileTransport(directory, now) : createSmtpTransport(smtpUrl)
}
