import { SAMPLE_AGENTS } from '#server/demo/agents.ts'
import { Hono } from 'hono'
import type { Env, HttpParts } from './parts.ts'

export interface Workspace {
  name: string
  /** Anybody on this machine may sign in as a sample agent. */
  demo: boolean
  /** There is no administrator yet: the console shows the link to become it. */
  setupNeeded: boolean
  /** In the demo: whom one may sign in as. */
  demoAgents: { key: string; name: string; avatar: string | null }[]
}

/** What the sign-in page needs to know before anybody is signed in. */
export function workspaceApi({ config, setup }: HttpParts) {
  return new Hono<Env>().get('/workspace', (c) =>
    c.json<Workspace>({
      name: config.origin === null ? 'Parley demo' : new URL(config.origin).hostname,
      demo: config.demo,
      setupNeeded: setup.needed,
      demoAgents: config.demo ? SAMPLE_AGENTS.map(({ key, agent: { name, avatar } }) => ({ key, name, avatar })) : [],
    }),
  )
}
