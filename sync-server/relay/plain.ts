import { Channel } from './channel.ts'
import type { Connection, Protocol } from './connection.ts'
import type { Rooms } from './rooms.ts'

/** `/sync/<room>`: one socket, one room, y-websocket as it is. */
export function speakPlain(connection: Connection, rooms: Rooms, name: string): Protocol {
  const channel = new Channel(connection, rooms, name, {
    send: (message) => connection.send(message),
    close: (code, reason) => connection.close(code, reason),
  })
  channel.open()
  return {
    receive: (bytes) => channel.receive(bytes),
    end: () => channel.end(),
    // There is no feed here.
    news: () => {},
    // The rooms look at their members themselves.
    accessChanged: () => {},
  }
}
