import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { addressKey } from '#server/http/address.ts'

/** As much of a request as an address needs. */
function from(remoteAddress: string | undefined, forwarded?: string | string[]): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  Object.defineProperty(request.socket, 'remoteAddress', { value: remoteAddress })
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded
  return request
}

describe('whom a limit by address counts', () => {
  test.each([
    ['a public peer', from('192.0.2.1'), '192.0.2.1'],
    ['a public peer that claims to be another', from('192.0.2.1', '198.51.100.1'), '192.0.2.1'],
    ['IPv4 within IPv6', from('::ffff:192.0.2.1'), '192.0.2.1'],
    ['behind a proxy on this machine', from('127.0.0.1', '198.51.100.1'), '198.51.100.1'],
    [
      'behind a proxy in the network: what that wrote, not what the client did',
      from('10.0.0.2', '1.2.3.4, 198.51.100.1'),
      '198.51.100.1',
    ],
    ['two headers', from('::1', ['1.2.3.4', '198.51.100.1']), '198.51.100.1'],
    ['a household’s IPv6', from('2001:db8:1:2:aaaa::1'), '2001:db8:1:2::/64'],
    ['the same household', from('2001:0db8:0001:0002:bbbb:0:0:1'), '2001:db8:1:2::/64'],
    ['a short IPv6', from('2001:db8::1'), '2001:db8:0:0::/64'],
  ])('%s', (_what, request, key) => {
    expect(addressKey(request)).toBe(key)
  })

  test.each([
    ['this machine', from('127.0.0.1')],
    ['this machine, IPv6', from('::1')],
    ['a container’s gateway', from('172.17.0.1')],
    ['a local network', from('::ffff:192.168.1.4')],
    ['a proxy that forwards nonsense', from('10.0.0.2', 'unknown')],
    ['a proxy before a proxy that says nothing', from('10.0.0.2', '10.0.0.3')],
    ['a socket that is gone', from(undefined)],
  ])('%s stands for nobody in particular', (_what, request) => {
    expect(addressKey(request)).toBeNull()
  })
})
