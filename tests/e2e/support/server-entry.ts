import { readConfig } from '#server/config.ts'
import { startServer } from '#server/server.ts'

/** The server with another build than the project's own: the folder that BUILD_DIR names. */

const read = readConfig(process.env)
if (!read.ok) throw new Error(read.problems.join('\n'))
const server = await startServer(read.config, { buildDir: process.env['BUILD_DIR'] ?? '' })
process.stdout.write(`${server.url}\n`)
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)))
