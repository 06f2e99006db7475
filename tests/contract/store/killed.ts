import { openSqliteStore } from '#server/store/sqlite/store.ts'
import { openedBy, visitor } from '../../support/conversations.ts'
import { closed, message, NOW, thread, visitorDevice } from './world.ts'

/** Appends for ever, and tells of each batch once its commit has returned; sqlite.test.ts kills it. */
const store = openSqliteStore({ path: process.argv[2] ?? '' })
for (let i = 0; ; i++) {
  const room = thread()
  const device = visitorDevice()
  const first = device.says(room, openedBy(visitor), message(visitor, `message ${i}`))
  const last = device.entry(message(visitor, 'one more thing'))
  const second = device.update(room, last, device.entry(closed(visitor, last.id)))
  await store.append([first, second], NOW + i)
  process.stdout.write(`${room.conversation}\n`)
}
