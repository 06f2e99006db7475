import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'

/**
 * Headers for every answer. A page that needs a policy of its own sets `content-security-policy` itself; all others
 * get one that lets nothing run or frame.
 */
export function securityHeaders(https: boolean): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const set = (name: string, value: string) => {
      if (!c.res.headers.has(name)) c.header(name, value)
    }
    set('x-content-type-options', 'nosniff')
    set('referrer-policy', 'strict-origin-when-cross-origin')
    set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    set('cross-origin-opener-policy', 'same-origin')
    set('cross-origin-resource-policy', 'same-origin')
    set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
    if (https) set('strict-transport-security', 'max-age=31536000')
  }
}

/**
 * The policy of a page of ours: scripts, styles, connections and files from this server alone ('self' covers the
 * socket: CSP level 3, 6.7.2.8).
 *
 * @param html the page; its own inline scripts are allowed by their hashes
 * @param ancestors who may show the page in a frame, as CSP sources; none if empty
 */
export function pagePolicy(html: string, ancestors: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...inlineHashes(html)].join(' ')}`,
    // Components set measures and colours by style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${ancestors.length === 0 ? "'none'" : ancestors.join(' ')}`,
  ].join('; ')
}

function inlineHashes(html: string): string[] {
  const scripts = html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)
  return Array.from(scripts, ([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`)
}
