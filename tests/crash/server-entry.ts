import { writeSync } from 'node:fs'
import process from 'node:process'
import * as v from 'valibot'
import { readConfig } from '#server/config.ts'
import { CRASH_POINTS, type CrashPoint } from '#server/crash-points.ts'
import { startServer } from '#server/server.ts'

/**
 * The server's process as main.ts starts it, but for three things: it loads everything and then waits to be told to
 * start (so that a successor stands by), its clock can be ahead, and it kills itself at the crash point that it was told.
 * SIGKILL leaves no chance to tidy up: no `finally`, no flush, no goodbye.
 */

const crash = v.nullable(v.strictObject({ point: v.picklist(CRASH_POINTS), nth: v.number() }))
/** What the parent says: once `start`, and `arm` whenever it likes. */
const order = v.variant('do', [
  v.strictObject({ do: v.literal('start'), ahead: v.number(), crash }),
  v.strictObject({ do: v.literal('arm'), crash }),
])
export type Order = v.InferOutput<typeof order>
export type Crash = { point: CrashPoint; nth: number }

let armed: Crash | null = null

function reached(point: CrashPoint): void {
  if (armed?.point !== point || --armed.nth > 0) return
  writeSync(1, `killed ${point}\n`)
  process.kill(process.pid, 'SIGKILL')
  // Not one statement more, even if the signal took a moment.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

async function start(ahead: number): Promise<void> {
  const read = readConfig(process.env)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  // No pages: the folder does not exist.
  const buildDir = `${read.config.dataDir}/no-build`
  const server = await startServer(read.config, { now: () => Date.now() + ahead, reached, buildDir })
  writeSync(1, `listening ${server.port}\n`)
}

process.on('message', (message) => {
  const told = v.parse(order, message)
  armed = told.crash
  if (told.do === 'start') void start(told.ahead)
})
// The tests are over, however they ended.
process.on('disconnect', () => process.exit())
writeSync(1, 'ready\n')
