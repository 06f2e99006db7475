/** The tables of schema.ts as Kysely sees them. Booleans are 0 and 1, times ms since 1970, versions the feed's. */
export interface Tables {
  conversations: {
    id: string
    inbox: string
    visitor: string
    created_at: number
    last_at: number
    version: number
    /** Whether agents see it: from its first message on. */
    listed: number
    /** A Summary as JSON. */
    summary: string
    /** The version at which something in it was last erased. */
    erased: number | null
  }
  runs: { base: number; ended: number | null }
  spans: { document: number; start: number; epoch: number }
  documents: { id: number; name: string; conversation: string; epoch: number; next: number }
  entries: {
    document: number
    seq: number
    id: string
    client: number
    clock: number
    by: string
    kind: string
    at: number
    text: string
  }
  agents: {
    id: string
    version: number
    email: string
    /** The address in one case, for uniqueness. */
    email_key: string
    name: string
    role: 'admin' | 'agent'
    password_hash: string | null
    avatar: string | null
    active: number
  }
  inboxes: {
    id: string
    version: number
    name: string
    /** A JSON array of texts. */
    origins: string
    from_address: string | null
    greeting: string
    color: string
    side: 'left' | 'right'
    /** Hours as JSON. */
    hours: string | null
  }
  memberships: { agent: string; inbox: string }
  sessions: { id: string; agent: string; expires_at: number }
  visitors: { id: string; inbox: string; token_hash: string; created_at: number }
  markers: {
    principal: string
    document: number
    entry: string
    seq: number
    read: number
    /** Null for markers that are no feed row (visitors', and the team ledger's). */
    version: number | null
  }
  tombstones: {
    /** Whose row is gone: an agent's id, or empty for everybody's. */
    agent: string
    version: number
    of: 'conversation' | 'agent' | 'inbox' | 'marker'
    id: string
  }
  jobs: {
    key: string
    kind: 'transcript'
    payload: string
    state: 'waiting' | 'done' | 'dead'
    attempts: number
    /** When it is due; while it is leased, when the lease ends. */
    run_at: number
    owner: string | null
    error: string | null
  }
  counters: { name: 'feed'; value: number }
}
