import { resolve } from 'node:path'
import * as v from 'valibot'

/** What the environment decides: parsed once, at the start. */
export interface Config {
  /** No ORIGIN is set: a workspace to try things out, on this machine alone. */
  demo: boolean
  /** The address that people use, `https://chat.example.com`; null in the demo, which answers on all loopback names. */
  origin: string | null
  /** Where to listen. Port 0: any that is free. */
  host: string
  port: number
  /** Absolute path of the folder for the database, files and mail. */
  dataDir: string
  /** Null: mail is written to files instead. */
  smtpUrl: string | null
  mailFrom: string
  mailDomain: string
  logLevel: LogLevel
  /** `npm run dev`: the app is served by Vite, with reload. */
  dev: boolean
}

export type LogLevel = (typeof LOG_LEVELS)[number]
export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] }

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i
const MAILBOX = /^(?:[^<>\r\n]*<)?[^\s<>@]+@[^\s<>@]+>?$/

/** Whether a host name or address is this machine alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host)
}

const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, 'a whole number from 0 to 65535, for example 3000'),
  v.transform(Number),
  v.maxValue(65535, 'a whole number from 0 to 65535, for example 3000'),
)
const origin = v.pipe(
  v.string(),
  v.check(isOrigin, 'the address in the browser without a path, for example https://chat.example.com'),
  v.transform((text) => new URL(text).origin),
)
const smtpUrl = v.pipe(
  v.string(),
  v.check((text) => /^smtps?:\/\/[^/]/.test(text) && URL.canParse(text), 'smtp://user:password@mail.example.com:587'),
)

// An empty variable counts as absent: compose files and shells make them so.
const environment = v.object({
  PORT: v.optional(port, '3000'),
  HOST: v.optional(v.string()),
  ORIGIN: v.optional(origin),
  DATA_DIR: v.optional(v.string(), './data'),
  DATABASE_URL: v.optional(
    v.pipe(v.string(), v.check(never, 'left empty: this build keeps everything in SQLite, in DATA_DIR')),
  ),
  REDIS_URL: v.optional(v.pipe(v.string(), v.check(never, 'left empty: this build runs as a single process'))),
  SMTP_URL: v.optional(smtpUrl),
  MAIL_FROM: v.optional(v.pipe(v.string(), v.regex(MAILBOX, 'an address, for example Support <support@example.com>'))),
  MAIL_DOMAIN: v.optional(v.pipe(v.string(), v.regex(HOST_NAME, 'a host name, for example chat.example.com'))),
  LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`)),
  PARLEY_DEV: v.optional(v.picklist(['0', '1'], '1 or 0'), '0'),
})

/** Values that may hold a password are named without being repeated. */
const SECRET = new Set(['SMTP_URL', 'DATABASE_URL', 'REDIS_URL'])

/**
 * Reads the configuration. All problems are reported together; each says which variable, which value, and what is
 * wanted instead.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const parsed = v.safeParse(environment, given)
  const problems = (parsed.issues ?? []).map((issue) => {
    const name = v.getDotPath(issue) ?? 'environment'
    const value = SECRET.has(name) ? 'has a value that' : `is "${given[name] ?? ''}", which`
    return `${name} ${value} does not work here. It should be ${issue.message}.`
  })
  const exposed = exposedDemo(given)
  if (exposed !== null) problems.push(exposed)
  return parsed.success && exposed === null ? { ok: true, config: configFrom(parsed.output) } : { ok: false, problems }
}

function exposedDemo(given: Record<string, string | undefined>): string | null {
  const { HOST, ORIGIN } = given
  if (ORIGIN !== undefined || HOST === undefined || isLoopback(HOST)) return null
  return (
    `HOST is "${HOST}" and ORIGIN is not set. Without ORIGIN this is a demo that signs in anybody, ` +
    'so it listens on 127.0.0.1 alone. Set ORIGIN to the address that people will use, or leave HOST out.'
  )
}

function configFrom(env: v.InferOutput<typeof environment>): Config {
  const demo = env.ORIGIN === undefined
  const mailDomain = env.MAIL_DOMAIN ?? (env.ORIGIN === undefined ? 'parley.example.com' : new URL(env.ORIGIN).hostname)
  return {
    demo,
    origin: env.ORIGIN ?? null,
    host: env.HOST ?? (demo ? '127.0.0.1' : '0.0.0.0'),
    port: env.PORT,
    dataDir: resolve(env.DATA_DIR),
    smtpUrl: env.SMTP_URL ?? null,
    mailFrom: env.MAIL_FROM ?? `Parley <support@${mailDomain}>`,
    mailDomain,
    // The demo's console belongs to the three addresses that it prints.
    logLevel: env.LOG_LEVEL ?? (demo ? 'warn' : 'info'),
    dev: env.PARLEY_DEV === '1',
  }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const web = url.protocol === 'https:' || url.protocol === 'http:'
  return web && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
}

function never(): boolean {
  return false
}
