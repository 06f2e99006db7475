import type { Mail } from './mail.ts'

/** A mail in nodemailer's terms. */
export function compose(mail: Mail) {
  const { messageId, from, replyTo, to, subject, html, text } = mail
  return {
    messageId,
    from,
    replyTo,
    // As an object: an address is one reader, never a list or a group.
    to: { name: '', address: to },
    subject,
    html,
    text,
    // RFC 3834: nobody's out-of-office answers this.
    headers: { 'Auto-Submitted': 'auto-generated' },
    // Bodies are visitors' words: nothing in a mail is ever fetched or read from the disk.
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
