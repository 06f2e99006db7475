import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Addresses inside a private network or this machine (RFC 1918, 4193, 6598, 3927, 4291). */
const inside = new BlockList()
for (const [net, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const) {
  inside.addSubnet(net, prefix, 'ipv4')
}
inside.addAddress('::1', 'ipv6')
inside.addSubnet('fc00::', 7, 'ipv6')
inside.addSubnet('fe80::', 10, 'ipv6')

/**
 * Whom a rate limit by address counts, or null if the address stands for nobody in particular.
 *
 * A peer inside the private network may be a proxy: its last `X-Forwarded-For` entry, the one that it wrote itself,
 * says who asks. Without one, the address may be a proxy's or a container gateway's, and counting it would be one
 * bucket for all visitors together, which must never be. An IPv6 address counts by its /64, which one household has.
 */
export function addressKey(request: IncomingMessage): string | null {
  const peer = plain(request.socket.remoteAddress ?? '')
  if (isIP(peer) === 0) return null
  if (!isInside(peer)) return keyOf(peer)
  const forwarded = plain(lastForwarded(request) ?? '')
  return isIP(forwarded) === 0 || isInside(forwarded) ? null : keyOf(forwarded)
}

/** Whether a request comes from this very machine, and not through a proxy on it. */
export function isFromThisMachine(request: IncomingMessage): boolean {
  const peer = plain(request.socket.remoteAddress ?? '')
  const loopback = peer === '::1' || /^127\./.test(peer)
  const { forwarded, via } = request.headers
  return loopback && lastForwarded(request) === null && forwarded === undefined && via === undefined
}

function lastForwarded(request: IncomingMessage): string | null {
  const header = request.headers['x-forwarded-for']
  const last = (Array.isArray(header) ? header.join(',') : header)?.split(',').at(-1)?.trim()
  return last === undefined || last === '' ? null : last
}

/** IPv4 mapped into IPv6 (`::ffff:192.0.2.1`) is IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function isInside(address: string): boolean {
  return inside.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

function keyOf(address: string): string {
  return isIP(address) === 4 ? address : prefix64(address)
}

function prefix64(address: string): string {
  const [head = '', tail = ''] = address.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0')
  const groups = address.includes('::') ? [...first, ...zeros, ...last] : first
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
