import { readConfig, type Config } from './config.ts'
import { startServer, type RunningServer } from './server.ts'

/** The process: configuration in, addresses out, signals handled. All else is server.ts's. */

/** A stop that takes longer than this is ended, in ms. */
const STOP_WITHIN = 15_000

function fail(lines: string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`)
  process.exit(1)
}

/** What the console shows; in one piece, so that whoever waits for an address finds all of them. */
function greeting(server: RunningServer, { demo, smtpUrl }: Config): string[] {
  if (demo) {
    return [
      'Parley is running, with a demo workspace on this machine alone.',
      '',
      `  Stage           ${server.url}/demo/stage   a visitor and two agents on one page: unplug them`,
      `  Inbox           ${server.url}/inbox`,
      // By another name it is another origin: as a customer's website is.
      `  Sample website  ${server.url.replace('127.0.0.1', 'localhost')}/demo`,
      ...(smtpUrl === null ? [`  Sent mail       ${server.url}/mail`] : []),
      '',
    ]
  }
  const link = server.setupLink()
  return [
    `Parley is running: ${server.url}/inbox`,
    ...(link === null ? [] : [`Nobody can sign in yet. Become the first administrator, once: ${link}`]),
  ]
}

function stopOn(server: RunningServer): void {
  let stopping = false
  const stop = (): void => {
    // Asked a second time: at once.
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => fail([`Stopping took longer than ${STOP_WITHIN / 1000} s; ended.`]), STOP_WITHIN).unref()
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail([`Stopping failed: ${String(error)}`]),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

const read = readConfig(process.env)
if (!read.ok) fail(['Parley cannot start with this configuration:', ...read.problems.map((each) => `  ${each}`)])
try {
  const server = await startServer(read.config)
  stopOn(server)
  process.stdout.write(`${greeting(server, read.config).join('\n')}\n`)
} catch (error) {
  fail([`Parley cannot start. ${error instanceof Error ? error.message : String(error)}`])
}
