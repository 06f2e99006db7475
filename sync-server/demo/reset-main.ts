import { readConfig } from '#server/config.ts'
import { resetDemo } from './reset.ts'

/** The process of `npm run demo:reset`. */

const read = readConfig(process.env)
const reset = read.ok ? resetDemo(read.config) : { ok: false, said: read.problems.join('\n') }
process.stdout.write(`${reset.said}\n`)
process.exitCode = reset.ok ? 0 : 1
