import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser'

/** A mail that was written to a file instead of being sent. */
export interface WrittenMail {
  /** The file's name without `.eml`. */
  id: string
  from: string
  to: string
  subject: string
  /** When it was written, ms since 1970. */
  at: number
}

/** A mail with what a reader sees. */
export interface ReadMail extends WrittenMail {
  /** The HTML part, untrusted; null if there is none. */
  html: string | null
  text: string
}

/** The newest mails that a page lists; older ones stay in the folder. */
const LISTED = 200

/** The mails in a folder of .eml files, newest first. A folder that does not exist yet holds none. */
export async function listMails(folder: string): Promise<WrittenMail[]> {
  const names = await readdir(folder).catch((): string[] => [])
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.eml'))
      .map(async (name) => ({ id: name.slice(0, -'.eml'.length), at: (await stat(join(folder, name))).mtimeMs })),
  )
  const newest = files.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).slice(0, LISTED)
  const mails = await Promise.all(newest.map(({ id }) => readMail(folder, id)))
  return mails.filter((mail) => mail !== null).map(({ id, from, to, subject, at }) => ({ id, from, to, subject, at }))
}

/** One mail, parsed; null if the folder holds none of that name. */
export async function readMail(folder: string, id: string): Promise<ReadMail | null> {
  const source = await mailSource(folder, id)
  if (source === null) return null
  const mail = await simpleParser(source.bytes)
  return {
    id,
    from: addresses(mail.from),
    to: addresses(mail.to),
    subject: mail.subject ?? '',
    at: source.at,
    html: htmlOf(mail),
    text: mail.text ?? '',
  }
}

/** The .eml file itself; null if the folder holds none of that name. */
export async function mailSource(
  folder: string,
  id: string,
): Promise<{ bytes: Buffer<ArrayBuffer>; at: number } | null> {
  // Only names that the folder lists: an id never becomes a path by itself.
  const names = await readdir(folder).catch((): string[] => [])
  if (!names.includes(`${id}.eml`)) return null
  const path = join(folder, `${id}.eml`)
  const [bytes, { mtimeMs }] = await Promise.all([readFile(path), stat(path)])
  return { bytes, at: mtimeMs }
}

function htmlOf(mail: ParsedMail): string | null {
  return typeof mail.html === 'string' ? mail.html : null
}

function addresses(given: AddressObject | AddressObject[] | undefined): string {
  return [given ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', ')
}
