import type { Principal } from '#conversation/ids.ts'
import type { SessionAnswer } from '#server/http/session-api.ts'
import type { WidgetSession } from '#server/http/widget-api.ts'
import { createDevice } from '#sync/device.ts'
import type { Device } from '#sync/port.ts'
import type { Witness } from './witness.ts'

/** How people come in: through the API, as their browsers would. `site` is host and port. */

/** A device of one of the demo's agents. */
export async function agentDevice(site: string, agent: string, witness: Witness): Promise<Device> {
  const origin = `http://${site}`
  const response = await post(`${origin}/api/demo/session`, { agent }, { origin })
  const cookie = response.headers.getSetCookie().map((each) => each.split(';')[0])
  const { principal } = (await response.json()) as SessionAnswer
  return await device(site, principal, witness, { origin, cookie: cookie.join('; ') })
}

/** A device of somebody who has never been there. */
export async function visitorDevice(site: string, witness: Witness): Promise<Device> {
  const response = await post(`http://${site}/api/widget/session`, { inbox: 'demo' })
  const { token, visitor } = (await response.json()) as WidgetSession
  return await device(site, `visitor:${visitor.id}`, witness, {}, { inbox: 'demo', token })
}

async function device(
  site: string,
  principal: Principal,
  witness: Witness,
  headers: Record<string, string>,
  more: { inbox?: string; token?: string } = {},
): Promise<Device> {
  const environment = { WebSocket: witness.socketClass(principal, headers), indexedDB: null }
  return await createDevice({ principal, url: `ws://${site}`, environment, ...more })
}

async function post(url: string, what: object, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(what),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return response
}
