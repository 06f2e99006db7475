import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface TakenMail {
  /** The life of the server that handed it over. */
  life: number
  messageId: string
  to: string
  subject: string
  text: string
}

/** A mail server on loopback that outlives all of Parley's lives, and remembers what it has answered with 250. */
export class MailServer {
  readonly taken: TakenMail[] = []
  /** The life that is under way; told by the batch. */
  life = 0
  readonly #server: SMTPServer
  /** A connection belongs to the life that opened it, whenever its mail has been read to the end. */
  readonly #lives = new Map<string, number>()

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      disabledCommands: ['STARTTLS'],
      onConnect: (session, done) => {
        this.#lives.set(session.id, this.life)
        done()
      },
      onData: (stream, session, done) => {
        simpleParser(stream).then(({ messageId = '', subject = '', text = '' }) => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join()
          this.taken.push({ life: this.#lives.get(session.id) ?? -1, messageId, to, subject, text })
          done()
        }, done)
      },
    })
    // A client that is killed in the middle of a sentence.
    this.#server.on('error', () => {})
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.server.address()
    if (address === null || typeof address === 'string') throw new Error('the mail server listens nowhere')
    return `smtp://127.0.0.1:${address.port}`
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
