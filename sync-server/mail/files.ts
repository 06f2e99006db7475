import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { compose } from './compose.ts'
import { MailError, type Mailer } from './mail.ts'

/**
 * Writes each mail as an .eml file instead of sending it. Files are named by time and Message-ID, so that their names
 * sort by time; a mail sent again replaces its file. A file is whole or not there.
 */
export function createFileTransport(directory: string, now: () => number): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    async send(mail) {
      try {
        const date = new Date(now())
        const { message } = await transport.sendMail({ ...compose(mail), date })
        if (!Buffer.isBuffer(message)) throw new TypeError('nodemailer gave a stream where a buffer was asked for')
        await mkdir(directory, { recursive: true, mode: 0o700 })
        await replace(directory, await fileName(directory, mail.messageId, date), message)
      } catch (error) {
        throw new MailError(error instanceof Error ? error.message : String(error), false, error)
      }
    },
    close: () => transport.close(),
  }
}

async function fileName(directory: string, messageId: string, date: Date): Promise<string> {
  // encodeURIComponent leaves nothing that a file system minds, and keeps different ids different.
  const ending = `-${encodeURIComponent(messageId.replace(/^<|>$/g, '')).replaceAll('%40', '@')}.eml`
  const names = await readdir(directory)
  return names.find((name) => name.endsWith(ending)) ?? `${date.toISOString().replace(/[-:.]/g, '')}${ending}`
}

async function replace(directory: string, name: string, bytes: Buffer): Promise<void> {
  const unfinished = join(directory, `.${randomUUID()}.tmp`)
  try {
    await writeFile(unfinished, bytes, { flush: true, mode: 0o600 })
    await rename(unfinished, join(directory, name))
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
