import { isLoopback } from '#server/config.ts'

/** Which web origins are this server's own. */
export interface OwnOrigins {
  /** Whether a request with this `Origin` came from a page of ours; `host` is its `Host` header. */
  isOwn(origin: string, host: string | undefined): boolean
  /** Whether a request may name us so in `Host` at all. */
  isOwnHost(host: string | undefined): boolean
}

/**
 * With ORIGIN set, that one. In the demo every loopback name, at the port that the request was sent to: 127.0.0.1 and
 * localhost alike, and also through a tunnel from another port. A browser sets both headers, so no other page can
 * pass; a foreign name that resolves to this machine (DNS rebinding) fails by its `Host`.
 *
 * @param origin the configured origin, or null in the demo
 */
export function createOwnOrigins(origin: string | null): OwnOrigins {
  if (origin !== null) {
    // Behind a proxy `Host` may be any internal name.
    return { isOwn: (given) => given === origin, isOwnHost: () => true }
  }
  return {
    isOwn(given, host) {
      const page = parse(given)
      const server = host === undefined ? null : parse(`http://${host}`)
      if (page === null || server === null || page.protocol !== 'http:') return false
      return isLoopbackUrl(page) && isLoopbackUrl(server) && page.port === server.port
    },
    isOwnHost(host) {
      const server = host === undefined ? null : parse(`http://${host}`)
      return server !== null && isLoopbackUrl(server)
    },
  }
}

/**
 * Whether an origin is one of those that an inbox allows. The allowed ones are CSP source expressions, as they also
 * stand in frame-ancestors: `https://example.com`, `https://*.example.com` (not example.com itself),
 * `http://localhost:*`. As there (CSP level 3, 6.7.2.8), `http:` also allows the same host by https.
 */
export function isAllowedOrigin(allowed: readonly string[], origin: string): boolean {
  const page = parse(origin)
  // Only an origin in its canonical form: `null`, paths and odd spellings are none.
  if (page === null || page.origin !== origin) return false
  return allowed.some((source) => sourceMatches(source, page))
}

const SOURCE = /^(https?):\/\/(\*\.)?([a-z0-9.-]+)(?::(\d+|\*))?$/i

function sourceMatches(source: string, page: URL): boolean {
  const match = SOURCE.exec(source)
  if (match === null) return false
  const [, scheme = '', wildcard, host = '', port] = match
  const upgraded = scheme.toLowerCase() === 'http' && page.protocol === 'https:'
  if (page.protocol !== `${scheme.toLowerCase()}:` && !upgraded) return false
  const name = host.toLowerCase()
  if (wildcard === undefined ? page.hostname !== name : !page.hostname.endsWith(`.${name}`)) return false
  return port === '*' || page.port === portWithin(scheme, port)
}

/** The port as `URL.port` has it: empty for the scheme's own. */
function portWithin(scheme: string, port: string | undefined): string {
  const usual = scheme.toLowerCase() === 'https' ? '443' : '80'
  return port === undefined || port === usual ? '' : port
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

function isLoopbackUrl({ hostname }: URL): boolean {
  return isLoopback(hostname.replace(/^\[|\]$/g, ''))
}
