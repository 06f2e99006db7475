/**
 * The schema, as the steps that led to it: step n takes a database from version n to n + 1 (`PRAGMA user_version`). A
 * step that was released is never changed.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  INSERT INTO counters VALUES ('feed', 0);

  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    inbox TEXT NOT NULL,
    visitor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    version INTEGER NOT NULL UNIQUE,
    listed INTEGER NOT NULL,
    summary TEXT NOT NULL
  ) STRICT;
  CREATE INDEX conversations_by_visitor ON conversations (visitor, created_at);
  CREATE INDEX conversations_by_inbox ON conversations (inbox, version);

  CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id),
    epoch INTEGER NOT NULL,
    next INTEGER NOT NULL
  ) STRICT;

  -- One row per entry: readable, searchable, erasable. The three keys are what the relay looks up by.
  CREATE TABLE entries (
    document INTEGER NOT NULL REFERENCES documents (id),
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    client INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, seq),
    UNIQUE (document, id),
    UNIQUE (document, client, clock)
  ) STRICT;

  CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'agent')),
    password_hash TEXT,
    avatar TEXT,
    active INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE inboxes (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    origins TEXT NOT NULL,
    from_address TEXT,
    greeting TEXT NOT NULL,
    color TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('left', 'right'))
  ) STRICT;

  CREATE TABLE memberships (
    agent TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    inbox TEXT NOT NULL REFERENCES inboxes (id) ON DELETE CASCADE,
    PRIMARY KEY (agent, inbox)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    agent TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_agent ON sessions (agent);
  CREATE INDEX sessions_by_end ON sessions (expires_at);

  CREATE TABLE visitors (
    id TEXT PRIMARY KEY,
    inbox TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE markers (
    principal TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (id),
    entry TEXT NOT NULL,
    seq INTEGER NOT NULL,
    read INTEGER NOT NULL,
    version INTEGER,
    PRIMARY KEY (document, principal)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX markers_by_version ON markers (principal, version) WHERE version IS NOT NULL;

  CREATE TABLE tombstones (
    agent TEXT NOT NULL,
    version INTEGER NOT NULL,
    of TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (agent, version),
    UNIQUE (agent, of, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE jobs (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
    attempts INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    owner TEXT,
    error TEXT
  ) STRICT;
  CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'waiting';
  `,
  `
  -- How each opening of the database numbered its versions: from just above \`base\`, up to \`ended\` (null: the last).
  CREATE TABLE runs (base INTEGER PRIMARY KEY, ended INTEGER) STRICT;
  INSERT INTO runs VALUES (0, NULL);

  -- Which of a document's stamps belong to which epoch: from that index on.
  CREATE TABLE spans (
    document INTEGER NOT NULL REFERENCES documents (id),
    start INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (document, start)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO spans SELECT id, 0, epoch FROM documents WHERE next > 0;

  ALTER TABLE conversations ADD COLUMN erased INTEGER;
  `,
  `
  -- Ids begin with the time at which they were made: with the id first, what is written now is in one place of the index.
  CREATE TABLE entries_by_time (
    document INTEGER NOT NULL REFERENCES documents (id),
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    client INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, seq),
    UNIQUE (id, document),
    UNIQUE (document, client, clock)
  ) STRICT;
  INSERT INTO entries_by_time SELECT document, seq, id, client, clock, by, kind, at, text FROM entries ORDER BY rowid;
  DROP TABLE entries;
  ALTER TABLE entries_by_time RENAME TO entries;
  `,
  `
  -- An inbox's opening hours as JSON (src/conversation/hours.ts); null: always open.
  ALTER TABLE inboxes ADD COLUMN hours TEXT;
  `,
]
