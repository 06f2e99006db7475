// `npm run bench`: the servers, measured (tests/bench). `-- --only memory` measures one part; `-- --write` puts the tables
// into docs/benchmarks.md.
import { runNode, script } from './run.mjs'

await script(() => runNode(['tests/bench/main.ts', ...process.argv.slice(2)]))
