/** One mail to one reader. No field can add a header of its own: the transport encodes what it is given. */
export interface Mail {
  /** With the angle brackets. The same mail sent again carries the same one, and readers' servers drop the second. */
  messageId: string
  /** An address, with or without a name: `Support <support@example.com>`. */
  from: string | { name: string; address: string }
  replyTo: string | { name: string; address: string }
  /** A bare address. */
  to: string
  subject: string
  html: string
  text: string
}

export interface Mailer {
  /**
   * Hands a mail over: it is with the mail server, or in its file on the disk.
   * @throws MailError
   */
  send(mail: Mail, signal?: AbortSignal): Promise<void>
  /** Lets go of connections. */
  close(): void
}

/** Why a mail was not handed over, in the mail server's words where there are any. */
export class MailError extends Error {
  override readonly name = 'MailError'
  /** This mail will never be taken (5xx on the sender, the recipient or the message); else it may be, later. */
  readonly permanent: boolean

  constructor(message: string, permanent: boolean, cause: unknown) {
    super(message, { cause })
    this.permanent = permanent
  }
}
