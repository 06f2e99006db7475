import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Context } from 'hono'

/** A file as it is sent. */
export interface StaticFile {
  body: Buffer<ArrayBuffer>
  /** The same, compressed; null where that saves nothing. */
  gzipped: Buffer<ArrayBuffer> | null
  type: string
  etag: string
}

/** The files of one folder. What is not in it by name cannot be asked for: there is no path to escape from. */
export interface Files {
  /** A file by its path below the folder, with forward slashes; null if there is none. */
  get(path: string): Promise<StaticFile | null>
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  webmanifest: 'application/manifest+json; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
}
const COMPRESSIBLE = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/

const compress = promisify(gzip)

/**
 * The folder's files, found once and read when first asked for. They stay in memory: a build is small and does not
 * change under a running server.
 *
 * @param live for development: looks at the disk every time
 */
export function createFiles(folder: string, live = false): Files {
  let names = live ? null : namesIn(folder)
  const read = new Map<string, Promise<StaticFile>>()
  return {
    async get(path) {
      if (names === null) return namesIn(folder).has(path) ? readStatic(folder, path) : null
      // Started before it was built: it may be by now.
      if (names.size === 0) names = namesIn(folder)
      if (!names.has(path)) return null
      const known = read.get(path)
      if (known !== undefined) return known
      const reading = readStatic(folder, path)
      read.set(path, reading)
      // A disk that failed once, or too many open files: the next one who asks tries again.
      reading.catch(() => read.delete(path))
      return reading
    },
  }
}

function namesIn(folder: string): Set<string> {
  try {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    return new Set(
      found
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/')),
    )
  } catch {
    // Not built: everything in it is then simply not there, and the pages say so.
    return new Set()
  }
}

async function readStatic(folder: string, path: string): Promise<StaticFile> {
  const body = await readFile(join(folder, path))
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  const gzipped = COMPRESSIBLE.test(type) && body.length > 1024 ? await compress(body) : null
  return { body, gzipped, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` }
}

/**
 * Answers with a file: 304 if the browser has it, compressed if it takes that.
 *
 * @param cacheControl how long it may be kept without asking
 */
export function sendFile(c: Context, file: StaticFile, cacheControl: string): Response {
  c.header('etag', file.etag)
  c.header('cache-control', cacheControl)
  if (file.gzipped !== null) c.header('vary', 'accept-encoding', { append: true })
  const held = c.req
    .header('if-none-match')
    ?.split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
  if (held?.includes(file.etag) === true) return c.body(null, 304)
  c.header('content-type', file.type)
  const gzipped = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '') ? file.gzipped : null
  if (gzipped !== null) c.header('content-encoding', 'gzip')
  return c.body(gzipped ?? file.body)
}

/** To be asked about each time. */
export const ASK_FIRST = 'no-cache'
/** The name holds a hash of the content. */
export const FOREVER = 'public, max-age=31536000, immutable'
