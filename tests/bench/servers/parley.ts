import { webcrypto } from 'node:crypto'
import { join } from 'node:path'
import { createAccounts } from '#server/accounts/accounts.ts'
import { createAuthenticate } from '#server/accounts/authenticate.ts'
import { digest } from '#server/accounts/secrets.ts'
import { createVisitors } from '#server/accounts/visitors.ts'
import { createLocalBus } from '#server/bus/local.ts'
import { createRelay } from '#server/relay/relay.ts'
import type { Agent, Store } from '#server/store/port.ts'
import { openSqliteStore } from '#server/store/sqlite/store.ts'
import { listen } from './listen.ts'
import { serve, type Guests } from './serve.ts'

const now = (): number => Date.now()
const log = { warn: complain, error: complain }

function complain(about: object, message: string): void {
  console.error(message, about)
}

/**
 * Parley's relay with its store on a disk and its accounts, as server.ts puts them together. Jobs are written and not
 * run: sending mail is nothing that the others do.
 */
serve(async (guests) => {
  const store = openSqliteStore({ path: join(guests.folder, 'parley.db') })
  const bus = createLocalBus()
  const accounts = createAccounts({ store, bus, secure: false, now })
  const random = (bytes: Uint8Array): Uint8Array => webcrypto.getRandomValues(bytes)
  const visitors = createVisitors({ store, now, random })
  const authenticate = createAuthenticate({ store, accounts, visitors, isOwn: () => true })
  const tokens = await letIn(store, guests)
  const cookies = []
  for (const agent of await store.agents()) {
    const { cookie } = await accounts.signInAs(agent)
    cookies[guests.agents.indexOf(agent.id)] = cookie.split(';', 1)[0] ?? ''
  }
  const relay = createRelay({ store, bus, authenticate, now, log })
  const { port, close } = await listen((request, socket, head) => {
    if (!relay.upgrade(request, socket, head)) socket.destroy()
  })
  return {
    port,
    tokens,
    cookies,
    async close() {
      await relay.close()
      await close()
      await store.close()
    },
  }
})

/** Makes the inbox, its agents and its visitors; gives the visitors' tokens. */
async function letIn(store: Store, { visitors, agents }: Guests): Promise<string[]> {
  const look = { greeting: '', color: '#000000', side: 'right' } as const
  await store.putInbox({ id: 'bench', name: 'Bench', origins: [], fromAddress: null, hours: null, ...look })
  for (const id of agents) {
    const rest = { name: id, role: 'agent', passwordHash: null, avatar: null, active: true } as const
    await store.putAgent({ id, email: `${id}@example.com`, ...rest } satisfies Agent)
    await store.setMemberships(id, ['bench'])
  }
  const tokens = visitors.map((id) => `bench-token-of-${id}`)
  for (const [i, id] of visitors.entries()) {
    await store.createVisitor({ id, inbox: 'bench', tokenHash: digest(tokens[i] ?? ''), createdAt: now() })
  }
  return tokens
}
